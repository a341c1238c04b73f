/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-pdf-find"

#include "config.h"

#include "valise-pdf-find.h"

#define MAX_PLACES 2000 /* of a whole paper; nobody steps through more */

typedef struct
{
  guint         page;
  ValisePdfArea area;
} Place;

struct _ValisePdfFind
{
  GObject parent_instance;

  ValisePdf    *pdf;
  GArray       *places; /* of Place, in the order of pages */
  guint         chosen; /* index */
  gboolean      wordless;
  GCancellable *looking;
};

G_DEFINE_FINAL_TYPE (ValisePdfFind, valise_pdf_find, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

typedef struct
{
  ValisePdf *pdf;
  char      *words;
  guint      from;
  gboolean   wordless; /* of the answer */
} Errand;

static void
errand_free (gpointer data)
{
  Errand *errand = data;

  valise_pdf_unref (errand->pdf);
  g_free (errand->words);
  g_free (errand);
}

static gboolean
has_words (ValisePdf *pdf, GCancellable *cancellable)
{
  for (guint i = 0; i < valise_pdf_get_n_pages (pdf) && !g_cancellable_is_cancelled (cancellable);
       i++)
    {
      g_autofree char *text = valise_pdf_dup_text (pdf, i);

      if (*g_strchug (text) != '\0')
        return TRUE;
    }
  return FALSE;
}

static void
look_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Errand *errand = task_data;
  GArray *places = g_array_new (FALSE, FALSE, sizeof (Place));

  for (guint i = 0; i < valise_pdf_get_n_pages (errand->pdf) && places->len < MAX_PLACES; i++)
    {
      g_autoptr (GArray) areas = NULL;

      if (g_cancellable_is_cancelled (cancellable))
        break;
      areas = valise_pdf_find (errand->pdf, i, errand->words);
      for (guint j = 0; j < areas->len; j++)
        {
          Place place = { i, g_array_index (areas, ValisePdfArea, j) };

          g_array_append_val (places, place);
        }
    }
  errand->wordless = places->len == 0 && !has_words (errand->pdf, cancellable);
  g_task_return_pointer (task, places, (GDestroyNotify) g_array_unref);
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ValisePdfFind     *self = VALISE_PDF_FIND (source);
  const Errand      *errand = g_task_get_task_data (G_TASK (result));
  g_autoptr (GArray) places = g_task_propagate_pointer (G_TASK (result), NULL);

  if (places == NULL)
    return;
  g_array_unref (self->places);
  self->places = g_steal_pointer (&places);
  self->chosen = 0;
  self->wordless = errand->wordless;
  while (self->chosen < self->places->len
         && g_array_index (self->places, Place, self->chosen).page < errand->from)
    self->chosen++;
  if (self->chosen == self->places->len)
    self->chosen = 0;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
valise_pdf_find_finalize (GObject *object)
{
  ValisePdfFind *self = VALISE_PDF_FIND (object);

  g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  g_clear_pointer (&self->pdf, valise_pdf_unref);
  g_array_unref (self->places);

  G_OBJECT_CLASS (valise_pdf_find_parent_class)->finalize (object);
}

static void
valise_pdf_find_class_init (ValisePdfFindClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = valise_pdf_find_finalize;
  signals[CHANGED] = g_signal_new ("changed", VALISE_TYPE_PDF_FIND, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
valise_pdf_find_init (ValisePdfFind *self)
{
  self->places = g_array_new (FALSE, FALSE, sizeof (Place));
}

ValisePdfFind *
valise_pdf_find_new (void)
{
  return g_object_new (VALISE_TYPE_PDF_FIND, NULL);
}

void
valise_pdf_find_start (ValisePdfFind *self, ValisePdf *pdf, const char *words, guint from)
{
  Errand           *errand = NULL;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (VALISE_IS_PDF_FIND (self));
  g_return_if_fail (words != NULL);

  g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  g_clear_pointer (&self->pdf, valise_pdf_unref);
  self->pdf = pdf != NULL ? valise_pdf_ref (pdf) : NULL;
  if (pdf == NULL || *words == '\0')
    {
      g_array_set_size (self->places, 0);
      self->wordless = FALSE;
      g_signal_emit (self, signals[CHANGED], 0);
      return;
    }
  errand = g_new0 (Errand, 1);
  errand->pdf = valise_pdf_ref (pdf);
  errand->words = g_strdup (words);
  errand->from = from;
  self->looking = g_cancellable_new ();
  task = g_task_new (self, self->looking, looked_cb, NULL);
  g_task_set_source_tag (task, valise_pdf_find_start);
  g_task_set_task_data (task, errand, errand_free);
  g_task_run_in_thread (task, look_in_thread);
}

void
valise_pdf_find_stop (ValisePdfFind *self)
{
  g_return_if_fail (VALISE_IS_PDF_FIND (self));

  g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
}

void
valise_pdf_find_step (ValisePdfFind *self, int direction)
{
  g_return_if_fail (VALISE_IS_PDF_FIND (self));

  if (self->places->len == 0)
    return;
  self->chosen = (self->chosen + self->places->len + (guint) direction) % self->places->len;
  g_signal_emit (self, signals[CHANGED], 0);
}

guint
valise_pdf_find_get_n_found (ValisePdfFind *self, guint *chosen)
{
  g_return_val_if_fail (VALISE_IS_PDF_FIND (self), 0);

  if (chosen != NULL)
    *chosen = self->places->len > 0 ? self->chosen + 1 : 0;
  return self->places->len;
}

gboolean
valise_pdf_find_is_wordless (ValisePdfFind *self)
{
  g_return_val_if_fail (VALISE_IS_PDF_FIND (self), FALSE);

  return self->wordless;
}

gboolean
valise_pdf_find_get_chosen (ValisePdfFind *self, guint *page, ValisePdfArea *area)
{
  const Place *place = NULL;

  g_return_val_if_fail (VALISE_IS_PDF_FIND (self), FALSE);

  if (self->places->len == 0)
    return FALSE;
  place = &g_array_index (self->places, Place, self->chosen);
  *page = place->page;
  *area = place->area;
  return TRUE;
}

void
valise_pdf_find_snapshot (ValisePdfFind         *self,
                          GtkSnapshot           *snapshot,
                          guint                  page,
                          const graphene_rect_t *bounds)
{
  double width = 1, height = 1;
  float  scale = 1;

  g_return_if_fail (VALISE_IS_PDF_FIND (self));

  if (self->pdf == NULL || page >= valise_pdf_get_n_pages (self->pdf))
    return;
  valise_pdf_get_page_size (self->pdf, page, &width, &height);
  scale = bounds->size.width / (float) width;
  for (guint i = 0; i < self->places->len; i++)
    {
      const Place *place = &g_array_index (self->places, Place, i);
      /* Over the words, so they stay to be read. */
      GdkRGBA         mark = { 0.98f, 0.75f, 0.1f, i == self->chosen ? 0.42f : 0.2f };
      graphene_rect_t at = GRAPHENE_RECT_INIT (bounds->origin.x + (float) place->area.x * scale,
                                               bounds->origin.y + (float) place->area.y * scale,
                                               (float) place->area.width * scale,
                                               (float) place->area.height * scale);

      if (place->page == page)
        gtk_snapshot_append_color (snapshot, &mark, &at);
    }
}
