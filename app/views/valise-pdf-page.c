/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-pdf-page"

#include "config.h"

#include <glib/gi18n.h>

#include "valise-find-bar.h"
#include "valise-format.h"
#include "valise-pdf-page.h"
#include "valise-sentences.h"

/**
 * ValisePdfPage:
 *
 * Two steps, both off the main thread: the bytes from the store, then the file from the bytes. A
 * later wish cancels those of an earlier one.
 */
struct _ValisePdfPage
{
  GtkBox parent_instance;

  GCancellable *opening;
  ValisePdf    *pdf;
  char         *words; /* to be found once it is open, or NULL */
  guint         page;  /* from which on, from 0 */

  /* Template */
  AdwWindowTitle *title;
  GtkWidget      *find_button;
  ValiseFindBar  *find_bar;
  GtkStack       *stack;
  AdwStatusPage  *failed;
  ValisePdfView  *view;
};

G_DEFINE_FINAL_TYPE (ValisePdfPage, valise_pdf_page, GTK_TYPE_BOX)

/* --- saying ----------------------------------------------------------------------------------- */

static void
say_place (ValisePdfPage *self)
{
  guint            n_pages = self->pdf != NULL ? valise_pdf_get_n_pages (self->pdf) : 0;
  g_autofree char *place = NULL;

  if (n_pages > 0)
    place = g_strdup_printf (_ ("Page %1$u of %2$u"), valise_pdf_view_get_page (self->view) + 1,
                             n_pages);
  adw_window_title_set_subtitle (self->title, place != NULL ? place : "");
}

static void
show_error (ValisePdfPage *self, const GError *error)
{
  g_autofree char *sentence = NULL;
  g_autofree char *escaped = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_debug ("%s", error->message);
  sentence = valise_sentence_for_error (error);
  escaped = g_markup_escape_text (sentence, -1);
  adw_status_page_set_description (self->failed, escaped);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

/* --- opening ---------------------------------------------------------------------------------- */

static void
open_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError    *error = NULL;
  ValisePdf *pdf =
      g_task_return_error_if_cancelled (task) ? NULL : valise_pdf_new (task_data, &error);

  if (pdf != NULL)
    g_task_return_pointer (task, pdf, (GDestroyNotify) valise_pdf_unref);
  else if (error != NULL)
    g_task_return_error (task, error);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ValisePdfPage        *self = VALISE_PDF_PAGE (source);
  g_autoptr (GError)    error = NULL;
  g_autoptr (ValisePdf) pdf = g_task_propagate_pointer (G_TASK (result), &error);

  if (pdf == NULL)
    {
      show_error (self, error);
      return;
    }
  g_clear_pointer (&self->pdf, valise_pdf_unref);
  self->pdf = g_steal_pointer (&pdf);
  valise_pdf_view_show (self->view, self->pdf);
  gtk_stack_set_visible_child_name (self->stack, "pages");
  gtk_widget_set_visible (self->find_button, TRUE);
  if (self->words != NULL)
    valise_find_bar_find (self->find_bar, self->words, self->page);
  /* Whoever left meanwhile keeps the focus where they are. */
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
open_bytes (ValisePdfPage *self, GBytes *bytes)
{
  g_autoptr (GTask) task = g_task_new (self, self->opening, opened_cb, NULL);

  g_task_set_source_tag (task, open_bytes);
  g_task_set_task_data (task, g_bytes_ref (bytes), (GDestroyNotify) g_bytes_unref);
  g_task_run_in_thread (task, open_in_thread);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ValisePdfPage) self = user_data;
  g_autoptr (GError)        error = NULL;
  g_autoptr (GBytes)        bytes =
      valise_file_queue_read_finish (VALISE_FILE_QUEUE (source), result, &error);

  if (bytes == NULL)
    show_error (self, error);
  else
    open_bytes (self, bytes);
}

static void
start_anew (ValisePdfPage *self, const char *name)
{
  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  self->opening = g_cancellable_new ();
  g_clear_pointer (&self->pdf, valise_pdf_unref);
  valise_pdf_view_show (self->view, NULL);
  g_clear_pointer (&self->words, g_free);
  valise_find_bar_close (self->find_bar);
  gtk_widget_set_visible (self->find_button, FALSE);
  adw_window_title_set_title (self->title, name != NULL ? name : "");
  gtk_stack_set_visible_child_name (self->stack, "looking");
  say_place (self);
}

/* --- callbacks -------------------------------------------------------------------------------- */

static void
find_cb (ValisePdfPage *self)
{
  if (valise_find_bar_is_open (self->find_bar))
    valise_find_bar_close (self->find_bar);
  else
    valise_pdf_page_find (self);
}

/* --- object ----------------------------------------------------------------------------------- */

static void
valise_pdf_page_dispose (GObject *object)
{
  ValisePdfPage *self = VALISE_PDF_PAGE (object);

  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  g_clear_pointer (&self->words, g_free);
  g_clear_pointer (&self->pdf, valise_pdf_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), VALISE_TYPE_PDF_PAGE);

  G_OBJECT_CLASS (valise_pdf_page_parent_class)->dispose (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, ValisePdfPage, child)

static void
valise_pdf_page_class_init (ValisePdfPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = valise_pdf_page_dispose;

  g_type_ensure (VALISE_TYPE_FIND_BAR);
  g_type_ensure (VALISE_TYPE_PDF_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/valise/Valise/ui/valise-pdf-page.ui");
  BIND (title);
  BIND (find_button);
  BIND (find_bar);
  BIND (stack);
  BIND (failed);
  BIND (view);
  gtk_widget_class_bind_template_callback (widget_class, find_cb);
  gtk_widget_class_bind_template_callback (widget_class, say_place);
}

static void
valise_pdf_page_init (ValisePdfPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  valise_find_bar_set_pdf (self->find_bar, self->view);
}

void
valise_pdf_page_open (ValisePdfPage   *self,
                      ValiseFileQueue *queue,
                      const char      *sha256,
                      const char      *name)
{
  g_return_if_fail (VALISE_IS_PDF_PAGE (self));
  g_return_if_fail (VALISE_IS_FILE_QUEUE (queue));
  g_return_if_fail (sha256 != NULL);

  start_anew (self, name);
  valise_file_queue_read_async (queue, sha256, self->opening, read_cb, g_object_ref (self));
}

void
valise_pdf_page_open_at (ValisePdfPage   *self,
                         ValiseFileQueue *queue,
                         const char      *sha256,
                         const char      *name,
                         guint            page,
                         const char      *words)
{
  g_return_if_fail (VALISE_IS_PDF_PAGE (self));
  g_return_if_fail (words != NULL);

  valise_pdf_page_open (self, queue, sha256, name);
  self->words = g_strdup (words);
  self->page = page;
}

void
valise_pdf_page_open_bytes (ValisePdfPage *self, GBytes *bytes, const char *name)
{
  g_return_if_fail (VALISE_IS_PDF_PAGE (self));

  start_anew (self, name);
  if (bytes != NULL)
    open_bytes (self, bytes);
}

void
valise_pdf_page_set_zoom (ValisePdfPage *self, int percent)
{
  g_return_if_fail (VALISE_IS_PDF_PAGE (self));

  valise_pdf_view_set_zoom (self->view, percent);
}

void
valise_pdf_page_find (ValisePdfPage *self)
{
  g_return_if_fail (VALISE_IS_PDF_PAGE (self));

  if (self->pdf == NULL)
    return;
  valise_find_bar_open (self->find_bar);
}

void
valise_pdf_page_find_step (ValisePdfPage *self, int direction)
{
  g_return_if_fail (VALISE_IS_PDF_PAGE (self));

  if (self->pdf != NULL)
    valise_find_bar_step (self->find_bar, direction);
}

GtkEditable *
valise_pdf_page_get_entry (ValisePdfPage *self)
{
  return valise_find_bar_get_entry (self->find_bar);
}

ValisePdfView *
valise_pdf_page_get_view (ValisePdfPage *self)
{
  return self->view;
}

const char *
valise_pdf_page_get_count (ValisePdfPage *self)
{
  return valise_find_bar_get_count (self->find_bar);
}

const char *
valise_pdf_page_get_state (ValisePdfPage *self)
{
  return gtk_stack_get_visible_child_name (self->stack);
}
