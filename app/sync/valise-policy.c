/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-policy"

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "valise-id.h"
#include "valise-policy.h"

struct _ValisePolicy
{
  gatomicrefcount refs;
  char          **languages; /* sorted; NULL: all */
  char           *version;
};

static int
compare_codes (const void *a, const void *b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

ValisePolicy *
valise_policy_new (const char *const *languages)
{
  ValisePolicy    *self = g_new0 (ValisePolicy, 1);
  g_autofree char *list = NULL;

  g_atomic_ref_count_init (&self->refs);
  self->languages = g_strdupv ((char **) languages);
  if (self->languages == NULL)
    {
      self->version = g_strdup ("texts:*");
      return self;
    }
  qsort (self->languages, g_strv_length (self->languages), sizeof *self->languages, compare_codes);
  list = g_strjoinv (",", self->languages);
  self->version = g_strconcat ("texts:", list, NULL);
  return self;
}

ValisePolicy *
valise_policy_ref (ValisePolicy *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
valise_policy_unref (ValisePolicy *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  g_strfreev (self->languages);
  g_free (self->version);
  g_free (self);
}

const char *
valise_policy_get_version (ValisePolicy *self)
{
  return self->version;
}

ValiseWant
valise_policy_want (const char *id, gboolean deleted, gpointer policy)
{
  ValisePolicy *self = policy;
  const char   *language = NULL;

  if (deleted)
    return VALISE_WANT_FETCH;
  if (g_str_has_prefix (id, "file:"))
    return VALISE_WANT_KNOW;
  language = valise_id_get_language (id);
  if (language != NULL && self->languages != NULL
      && !g_strv_contains ((const char *const *) self->languages, language))
    return VALISE_WANT_KNOW;
  return VALISE_WANT_FETCH;
}
