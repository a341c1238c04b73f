/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-pdf-page"

#include "config.h"

#include <glib/gi18n.h>

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

  /* Template */
  AdwWindowTitle *title;
  GtkWidget      *find_button;
  GtkRevealer    *revealer;
  GtkSearchEntry *entry;
  GtkLabel       *count;
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
  guint            chosen = 0;
  guint            n_found = valise_pdf_view_get_n_found (self->view, &chosen);
  g_autofree char *place = NULL;
  g_autofree char *count = NULL;

  if (n_pages > 0)
    place = g_strdup_printf (_ ("Page %1$u of %2$u"), valise_pdf_view_get_page (self->view) + 1,
                             n_pages);
  adw_window_title_set_subtitle (self->title, place != NULL ? place : "");
  if (*gtk_editable_get_text (GTK_EDITABLE (self->entry)) == '\0')
    count = g_strdup ("");
  else if (n_found == 0)
    count = g_strdup (_ ("Nothing found"));
  else
    count = g_strdup_printf (C_ ("find", "%1$u of %2$u"), chosen, n_found);
  gtk_label_set_text (self->count, count);
}

static void
show_error (ValisePdfPage *self, const GError *error)
{
  g_autofree char *sentence = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_debug ("%s", error->message);
  sentence = valise_sentence_for_error (error);
  adw_status_page_set_description (self->failed, sentence);
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
  gtk_revealer_set_reveal_child (self->revealer, FALSE);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  gtk_widget_set_visible (self->find_button, FALSE);
  adw_window_title_set_title (self->title, name != NULL ? name : "");
  gtk_stack_set_visible_child_name (self->stack, "looking");
  say_place (self);
}

/* --- callbacks -------------------------------------------------------------------------------- */

static void
find_cb (ValisePdfPage *self)
{
  if (gtk_revealer_get_reveal_child (self->revealer))
    {
      gtk_revealer_set_reveal_child (self->revealer, FALSE);
      gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
      gtk_widget_grab_focus (GTK_WIDGET (self->view));
    }
  else
    valise_pdf_page_find (self);
}

static void
search_changed_cb (ValisePdfPage *self)
{
  valise_pdf_view_find (self->view, gtk_editable_get_text (GTK_EDITABLE (self->entry)));
}

static void
next_cb (ValisePdfPage *self)
{
  valise_pdf_page_find_step (self, 1);
}

static void
previous_cb (ValisePdfPage *self)
{
  valise_pdf_page_find_step (self, -1);
}

/* --- object ----------------------------------------------------------------------------------- */

static void
valise_pdf_page_dispose (GObject *object)
{
  ValisePdfPage *self = VALISE_PDF_PAGE (object);

  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
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

  g_type_ensure (VALISE_TYPE_PDF_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/valise/Valise/ui/valise-pdf-page.ui");
  BIND (title);
  BIND (find_button);
  BIND (revealer);
  BIND (entry);
  BIND (count);
  BIND (stack);
  BIND (failed);
  BIND (view);
  gtk_widget_class_bind_template_callback (widget_class, find_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_cb);
  gtk_widget_class_bind_template_callback (widget_class, previous_cb);
  gtk_widget_class_bind_template_callback (widget_class, say_place);
}

static void
valise_pdf_page_init (ValisePdfPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
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
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

void
valise_pdf_page_find_step (ValisePdfPage *self, int direction)
{
  g_return_if_fail (VALISE_IS_PDF_PAGE (self));

  valise_pdf_view_step (self->view, direction);
}

GtkEditable *
valise_pdf_page_get_entry (ValisePdfPage *self)
{
  return GTK_EDITABLE (self->entry);
}

ValisePdfView *
valise_pdf_page_get_view (ValisePdfPage *self)
{
  return self->view;
}

const char *
valise_pdf_page_get_count (ValisePdfPage *self)
{
  return gtk_label_get_text (self->count);
}

const char *
valise_pdf_page_get_state (ValisePdfPage *self)
{
  return gtk_stack_get_visible_child_name (self->stack);
}
