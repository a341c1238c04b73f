/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-spread"

#include "config.h"

#include <string.h>

#include "valise-language.h"
#include "valise-spread.h"

/**
 * ValiseSpread:
 *
 * Three steps, each off the main thread and in this order: the paper, its words, the words
 * beside them. A later wish cancels the steps of an earlier one.
 */
struct _ValiseSpread
{
  GObject parent_instance;

  ValiseLibrary *library;
  char          *symbol; /* wished for; NULL: none yet */
  char          *wanted; /* language */
  char          *beside; /* language, or NULL */
  ValisePaper   *paper;
  ValiseText    *text;
  ValiseText    *other;

  GCancellable *cancellable; /* of the steps under way */
};

G_DEFINE_FINAL_TYPE (ValiseSpread, valise_spread, G_TYPE_OBJECT)

enum
{
  SHOWN,
  ABSENT,
  UPDATED,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

ValiseVersion *
valise_spread_find_version (ValiseSpread *self, const char *language)
{
  GListModel *versions = self->paper != NULL ? valise_paper_get_versions (self->paper) : NULL;

  for (guint i = 0; versions != NULL && i < g_list_model_get_n_items (versions); i++)
    {
      g_autoptr (ValiseVersion) version = g_list_model_get_item (versions, i);

      if (g_strcmp0 (valise_version_get_language (version), language) == 0)
        return version; /* the model keeps it */
    }
  return NULL;
}

static gboolean
is_here (ValiseSpread *self, const char *language)
{
  ValiseVersion *version = language != NULL ? valise_spread_find_version (self, language) : NULL;

  return version != NULL && valise_version_get_here (version);
}

/* The first of @first, @second and the six that is here and is not @but. */
static const char *
choose_here (ValiseSpread *self, const char *first, const char *second, const char *but)
{
  if (is_here (self, first) && g_strcmp0 (first, but) != 0)
    return first;
  if (is_here (self, second) && g_strcmp0 (second, but) != 0)
    return second;
  for (const char *const *code = valise_language_list (); *code != NULL; code++)
    if (is_here (self, *code) && g_strcmp0 (*code, but) != 0)
      return *code;

  return NULL;
}

static void
fail (ValiseSpread *self, GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[FAILED], 0, error);
}

static void
other_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ValiseSpread) self = user_data;
  g_autoptr (GError)       error = NULL;
  g_autoptr (ValiseText)   text = valise_library_read_finish (self->library, result, &error);

  if (text == NULL)
    {
      fail (self, error);
      return;
    }
  g_set_object (&self->other, text);
  g_signal_emit (self, signals[SHOWN], 0);
}

static void
text_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ValiseSpread) self = user_data;
  g_autoptr (GError)       error = NULL;
  g_autoptr (ValiseText)   text = valise_library_read_finish (self->library, result, &error);

  if (text == NULL)
    {
      fail (self, error);
      return;
    }
  g_set_object (&self->text, text);
  if (is_here (self, self->beside) && strcmp (self->beside, valise_text_get_language (text)) != 0)
    {
      valise_library_read_async (self->library, self->symbol, self->beside, self->cancellable,
                                 other_read_cb, g_object_ref (self));
      return;
    }
  g_clear_object (&self->other);
  g_signal_emit (self, signals[SHOWN], 0);
}

static void
read_words (ValiseSpread *self)
{
  const char *language = choose_here (self, self->wanted, "en", NULL);

  if (language != NULL)
    {
      valise_library_read_async (self->library, self->symbol, language, self->cancellable,
                                 text_read_cb, g_object_ref (self));
      return;
    }
  g_clear_object (&self->text);
  g_clear_object (&self->other);
  g_signal_emit (self, signals[ABSENT], 0);
}

static void
paper_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ValiseSpread) self = user_data;
  g_autoptr (GError)       error = NULL;
  g_autoptr (ValisePaper)  paper = valise_library_open_finish (self->library, result, &error);

  if (paper == NULL)
    {
      fail (self, error);
      return;
    }
  g_set_object (&self->paper, paper);
  valise_library_mark_read (self->library, self->symbol, TRUE);
  read_words (self);
}

static void
paper_refreshed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ValiseSpread) self = user_data;
  g_autoptr (ValisePaper)  paper = valise_library_open_finish (self->library, result, NULL);

  /* Withdrawn or superseded: what is on the page stays until its reader leaves it. */
  if (paper == NULL || g_strcmp0 (valise_paper_get_symbol (paper), self->symbol) != 0)
    return;

  g_set_object (&self->paper, paper);
  if (self->text == NULL)
    read_words (self);
  else
    g_signal_emit (self, signals[UPDATED], 0);
}

static void
library_changed_cb (ValiseSpread *self)
{
  if (self->paper != NULL)
    valise_library_open_async (self->library, self->symbol, self->cancellable, paper_refreshed_cb,
                               g_object_ref (self));
}

static void
start_anew (ValiseSpread *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
}

static void
set_wish (char **wish, const char *language)
{
  char *copy = g_strdup (language);

  g_free (*wish);
  *wish = copy;
}

static void
valise_spread_dispose (GObject *object)
{
  ValiseSpread *self = VALISE_SPREAD (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->library);
  g_clear_object (&self->paper);
  g_clear_object (&self->text);
  g_clear_object (&self->other);

  G_OBJECT_CLASS (valise_spread_parent_class)->dispose (object);
}

static void
valise_spread_finalize (GObject *object)
{
  ValiseSpread *self = VALISE_SPREAD (object);

  g_free (self->symbol);
  g_free (self->wanted);
  g_free (self->beside);

  G_OBJECT_CLASS (valise_spread_parent_class)->finalize (object);
}

static void
valise_spread_class_init (ValiseSpreadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = valise_spread_dispose;
  object_class->finalize = valise_spread_finalize;

  signals[SHOWN] = g_signal_new ("shown", VALISE_TYPE_SPREAD, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
  signals[ABSENT] = g_signal_new ("absent", VALISE_TYPE_SPREAD, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
  signals[UPDATED] = g_signal_new ("updated", VALISE_TYPE_SPREAD, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", VALISE_TYPE_SPREAD, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
valise_spread_init (ValiseSpread *self)
{
}

ValiseSpread *
valise_spread_new (ValiseLibrary *library)
{
  ValiseSpread *self = NULL;

  g_return_val_if_fail (VALISE_IS_LIBRARY (library), NULL);

  self = g_object_new (VALISE_TYPE_SPREAD, NULL);
  self->library = g_object_ref (library);
  g_signal_connect_object (library, "changed", G_CALLBACK (library_changed_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

void
valise_spread_open (ValiseSpread *self, const char *symbol, const char *wanted)
{
  g_return_if_fail (VALISE_IS_SPREAD (self));
  g_return_if_fail (symbol != NULL && wanted != NULL);

  start_anew (self);
  set_wish (&self->symbol, symbol);
  set_wish (&self->wanted, wanted);
  g_clear_object (&self->paper);
  valise_library_open_async (self->library, self->symbol, self->cancellable, paper_opened_cb,
                             g_object_ref (self));
}

void
valise_spread_turn (ValiseSpread *self, const char *wanted, const char *beside)
{
  g_return_if_fail (VALISE_IS_SPREAD (self));
  g_return_if_fail (self->paper != NULL);

  start_anew (self);
  set_wish (&self->wanted, wanted);
  set_wish (&self->beside, beside);
  read_words (self);
}

void
valise_spread_turn_to_fetched (ValiseSpread *self, const char *language)
{
  g_return_if_fail (VALISE_IS_SPREAD (self));
  g_return_if_fail (self->symbol != NULL);

  start_anew (self);
  set_wish (&self->wanted, language);
  valise_library_read_async (self->library, self->symbol, language, self->cancellable, text_read_cb,
                             g_object_ref (self));
}

void
valise_spread_close (ValiseSpread *self)
{
  g_return_if_fail (VALISE_IS_SPREAD (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->paper);
  g_clear_object (&self->text);
  g_clear_object (&self->other);
  g_clear_pointer (&self->symbol, g_free);
}

const char *
valise_spread_get_symbol (ValiseSpread *self)
{
  return self->symbol;
}

const char *
valise_spread_get_wanted (ValiseSpread *self)
{
  return self->wanted;
}

ValisePaper *
valise_spread_get_paper (ValiseSpread *self)
{
  return self->paper;
}

ValiseText *
valise_spread_get_text (ValiseSpread *self)
{
  return self->text;
}

ValiseText *
valise_spread_get_other (ValiseSpread *self)
{
  return self->other;
}

const char *
valise_spread_suggest_beside (ValiseSpread *self, const char *own)
{
  g_return_val_if_fail (VALISE_IS_SPREAD (self), NULL);

  return self->text != NULL ? choose_here (self, own, "en", valise_text_get_language (self->text))
                            : NULL;
}
