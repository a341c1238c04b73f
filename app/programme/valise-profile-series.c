/* valise-profile-series.c - the series of symbols of a programme's papers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "valise-profile.h"

/* "A/AC.292/{year}/WP.{n}" with the year filled in and {n} as @number. */
static char *
expand_series (const char *pattern, const char *year, const char *number)
{
  g_autoptr (GString) text = g_string_new (pattern);

  g_string_replace (text, "%", "%%", 0);
  g_string_replace (text, "{year}", year, 0);
  g_string_replace (text, "{n}", number, 0);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
dup_series_pattern (ValiseProfile *self, const char *kind)
{
  const ValiseJson *json = valise_profile_get_json (self);
  guint             array = valise_json_find (json, 0, "series");

  for (guint token = array == VALISE_JSON_NONE ? array : valise_json_first (json, array);
       token != VALISE_JSON_NONE; token = valise_json_next (json, token))
    {
      g_auto (GStrv) kinds =
          valise_json_dup_strings (json, valise_json_find (json, token, "kinds"));

      if (g_strv_contains ((const char *const *) kinds, kind))
        return valise_json_dup_member (json, token, "pattern");
    }

  return NULL;
}

char *
valise_profile_dup_series (ValiseProfile *self, const char *kind, int year)
{
  g_autofree char *pattern = NULL;
  g_autofree char *digits = NULL;

  g_return_val_if_fail (VALISE_IS_PROFILE (self), NULL);
  g_return_val_if_fail (kind != NULL, NULL);

  pattern = dup_series_pattern (self, kind);
  if (pattern == NULL || strstr (pattern, "{n}") == NULL)
    return NULL;

  digits = g_strdup_printf ("%d", year);

  return expand_series (pattern, digits, "%u");
}

char *
valise_profile_dup_series_root (ValiseProfile *self, const char *kind)
{
  g_autofree char *pattern = NULL;
  const char      *brace = NULL;

  g_return_val_if_fail (VALISE_IS_PROFILE (self), NULL);
  g_return_val_if_fail (kind != NULL, NULL);

  pattern = dup_series_pattern (self, kind);
  if (pattern == NULL)
    return NULL;

  brace = strchr (pattern, '{');

  return brace != NULL ? g_strndup (pattern, (gsize) (brace - pattern)) : g_strdup (pattern);
}
