/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "valise-language.h"
#include "valise-library.h"

static void
add_need (ValiseTravelNeed *need, guint papers, guint64 bytes, const char *language)
{
  ValiseTravelText *text = g_new0 (ValiseTravelText, 1);

  text->database = g_strdup ("public");
  text->id = g_strdup_printf ("text:A/AC.292/2026/WP.17:%s", language);
  text->size = (gint64) bytes;
  need->papers = papers;
  need->bytes = bytes;
  g_ptr_array_add (need->texts, text);
}

static void
free_travel_text (gpointer data)
{
  ValiseTravelText *text = data;

  g_free (text->database);
  g_free (text->id);
  g_free (text);
}

void
valise_travel_free (ValiseTravel *self)
{
  for (int part = 0; part < VALISE_TRAVEL_N_PARTS; part++)
    {
      g_ptr_array_unref (self->needs[part].texts);
      g_ptr_array_unref (self->needs[part].symbols);
    }
  g_ptr_array_unref (self->files);
  g_strfreev (self->languages);
  g_strfreev (self->others);
  g_free (self->meeting);
  g_free (self->title);
  g_free (self);
}

void
valise_library_plan_travel_async (ValiseLibrary      *self,
                                  const char         *meeting,
                                  const char *const  *languages,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  g_autoptr (GTask)        task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GStrvBuilder) others = g_strv_builder_new ();
  ValiseTravel            *travel = g_new0 (ValiseTravel, 1);

  travel->meeting = g_strdup (meeting);
  travel->title = g_strdup ("First substantive plenary");
  travel->languages = g_strdupv ((char **) languages);
  for (const char *const *code = valise_language_list (); *code != NULL; code++)
    if (!g_strv_contains (languages, *code))
      g_strv_builder_add (others, *code);
  travel->others = g_strv_builder_end (others);
  travel->files = g_ptr_array_new_with_free_func (g_object_unref);
  for (int part = 0; part < VALISE_TRAVEL_N_PARTS; part++)
    {
      travel->needs[part].texts = g_ptr_array_new_with_free_func (free_travel_text);
      travel->needs[part].symbols = g_ptr_array_new_with_free_func (g_free);
    }
  add_need (&travel->needs[VALISE_TRAVEL_OWN], 42, 870000, "fr");
  add_need (&travel->needs[VALISE_TRAVEL_CITED], 18, 395000, "en");
  add_need (&travel->needs[VALISE_TRAVEL_OTHERS], 42, 1577000, "es");
  for (guint i = 0; i < 18; i++)
    g_ptr_array_add (travel->needs[VALISE_TRAVEL_CITED].symbols,
                     i == 0   ? g_strdup ("A/RES/77/37")
                     : i == 1 ? g_strdup ("A/70/174")
                              : g_strdup_printf ("A/RES/%u/1", i));
  g_task_return_pointer (task, travel, (GDestroyNotify) valise_travel_free);
}

ValiseTravel *
valise_library_plan_travel_finish (ValiseLibrary *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
