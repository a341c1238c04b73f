/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-user-policy"

#include "config.h"

#include <math.h>
#include <string.h>

#include "valise-json.h"
#include "valise-user-policy.h"

#define FILE_NAME  "policy.json"
#define MAX_SIZE   (4 << 10)                      /* bytes of the file */
#define MOST_BYTES (G_GUINT64_CONSTANT (1) << 50) /* of a budget or a rate */
#define LEAST_RATE 1000                           /* bytes a second: below, nothing ends in time */

G_DEFINE_QUARK (valise_user_policy_error, valise_user_policy_error)

typedef struct
{
  ValiseMay   may;
  const char *word;
} Word;

static const Word metered_words[] = {
  { VALISE_MAY_ALL, "everything" },
  { VALISE_MAY_TEXT, "text" },
  { VALISE_MAY_SEND, "send" },
};

static const Word spent_words[] = {
  { VALISE_MAY_TEXT, "text" },
  { VALISE_MAY_NOTHING, "stop" },
};

static const char *
find_word (const Word *words, gsize n_words, ValiseMay may)
{
  for (gsize i = 0; i < n_words; i++)
    if (words[i].may == may)
      return words[i].word;
  return words[0].word;
}

/* --- reading values ---------------------------------------------------------------------- */

static gboolean
refuse (const char *key, const char *value, const char *takes, GError **error)
{
  g_set_error (error, VALISE_USER_POLICY_ERROR, VALISE_USER_POLICY_ERROR_VALUE,
               "%s cannot be %s; it takes %s", key, value, takes);
  return FALSE;
}

static gboolean
read_word (const Word *words,
           gsize       n_words,
           const char *key,
           const char *value,
           ValiseMay  *may,
           GError    **error)
{
  g_autoptr (GString) takes = g_string_new (NULL);

  for (gsize i = 0; i < n_words; i++)
    {
      if (strcmp (words[i].word, value) == 0)
        {
          *may = words[i].may;
          return TRUE;
        }
      g_string_append_printf (takes, "%s%s", i > 0 ? ", " : "", words[i].word);
    }
  return refuse (key, value, takes->str, error);
}

/* Units are thousands, as the window's are. */
static gboolean
read_bytes (const char *key, const char *value, guint64 least, guint64 *bytes, GError **error)
{
  static const struct
  {
    const char *unit;
    double      bytes;
  } units[] = { { "", 1 },    { "B", 1 },    { "k", 1e3 }, { "kB", 1e3 },
                { "M", 1e6 }, { "MB", 1e6 }, { "G", 1e9 }, { "GB", 1e9 } };
  char  *end = NULL;
  double number = 0;

  if (strcmp (value, "none") == 0)
    {
      *bytes = 0;
      return TRUE;
    }
  if (g_ascii_isdigit (value[0]))
    number = g_ascii_strtod (value, &end);
  for (gsize i = 0; end != NULL && i < G_N_ELEMENTS (units); i++)
    if (strcmp (end, units[i].unit) == 0)
      {
        double product = round (number * units[i].bytes);

        if (!(product >= (double) least && product <= (double) MOST_BYTES))
          break;
        *bytes = (guint64) product;
        return TRUE;
      }
  return refuse (key, value, "none, or a size such as 500kB or 1MB", error);
}

/* Two digits, a colon, two digits. */
static gboolean
read_minute (const char *text, guint *minute)
{
  for (int i = 0; i < 5; i++)
    if (i == 2 ? text[i] != ':' : !g_ascii_isdigit (text[i]))
      return FALSE;
  *minute = (guint) ((text[0] - '0') * 10 + text[1] - '0') * 60
            + (guint) ((text[3] - '0') * 10 + text[4] - '0');
  return *minute < VALISE_DAY_MINUTES && text[3] < '6';
}

static gboolean
read_hours (ValiseUserPolicy *self, const char *value, GError **error)
{
  guint from = 0, to = 0;

  if (strcmp (value, "any") != 0
      && !(strlen (value) == 11 && value[5] == '-' && read_minute (value, &from)
           && read_minute (value + 6, &to) && from != to))
    return refuse ("hours", value, "any, or two times such as 22:00-06:00", error);
  self->hours_from = from;
  self->hours_to = to;
  return TRUE;
}

static gboolean
read_yes (const char *key, const char *value, gboolean *yes, GError **error)
{
  if (strcmp (value, "yes") != 0 && strcmp (value, "no") != 0)
    return refuse (key, value, "yes or no", error);
  *yes = strcmp (value, "yes") == 0;
  return TRUE;
}

gboolean
valise_user_policy_set (ValiseUserPolicy *self, const char *key, const char *value, GError **error)
{
  g_return_val_if_fail (self != NULL && key != NULL && value != NULL, FALSE);

  if (strcmp (key, "metered") == 0)
    return read_word (metered_words, G_N_ELEMENTS (metered_words), key, value, &self->metered,
                      error);
  if (strcmp (key, "budget") == 0)
    return read_bytes (key, value, 1, &self->budget, error);
  if (strcmp (key, "after-budget") == 0)
    return read_word (spent_words, G_N_ELEMENTS (spent_words), key, value, &self->spent, error);
  if (strcmp (key, "hours") == 0)
    return read_hours (self, value, error);
  if (strcmp (key, "text-only") == 0)
    return read_yes (key, value, &self->text_only, error);
  if (strcmp (key, "rate") == 0)
    return read_bytes (key, value, LEAST_RATE, &self->rate, error);

  g_set_error (error, VALISE_USER_POLICY_ERROR, VALISE_USER_POLICY_ERROR_KEY,
               "There is no setting %s", key);
  return FALSE;
}

/* --- writing values ------------------------------------------------------------------------ */

const char *const *
valise_user_policy_list_keys (void)
{
  static const char *const keys[] = { "metered", "budget", "after-budget", "hours", "text-only",
                                      "rate",    NULL };

  return keys;
}

static char *
write_bytes (guint64 bytes)
{
  return bytes > 0 ? g_strdup_printf ("%" G_GUINT64_FORMAT, bytes) : g_strdup ("none");
}

char *
valise_user_policy_dup (const ValiseUserPolicy *self, const char *key)
{
  g_return_val_if_fail (self != NULL && key != NULL, NULL);

  if (strcmp (key, "metered") == 0)
    return g_strdup (find_word (metered_words, G_N_ELEMENTS (metered_words), self->metered));
  if (strcmp (key, "budget") == 0)
    return write_bytes (self->budget);
  if (strcmp (key, "after-budget") == 0)
    return g_strdup (find_word (spent_words, G_N_ELEMENTS (spent_words), self->spent));
  if (strcmp (key, "hours") == 0)
    return self->hours_from == self->hours_to
               ? g_strdup ("any")
               : g_strdup_printf ("%02u:%02u-%02u:%02u", self->hours_from / 60,
                                  self->hours_from % 60, self->hours_to / 60, self->hours_to % 60);
  if (strcmp (key, "text-only") == 0)
    return g_strdup (self->text_only ? "yes" : "no");
  if (strcmp (key, "rate") == 0)
    return write_bytes (self->rate);
  return NULL;
}

gboolean
valise_user_policy_equal (const ValiseUserPolicy *a, const ValiseUserPolicy *b)
{
  return a->metered == b->metered && a->budget == b->budget && a->spent == b->spent
         && a->hours_from == b->hours_from && a->hours_to == b->hours_to
         && a->text_only == b->text_only && a->rate == b->rate;
}

/* --- the file ------------------------------------------------------------------------------ */

void
valise_user_policy_load (ValiseUserPolicy *self, const char *folder)
{
  g_autofree char       *path = g_build_filename (folder, FILE_NAME, NULL);
  g_autofree char       *text = NULL;
  gsize                  length = 0;
  g_autoptr (ValiseJson) json = NULL;
  g_autoptr (GError)     error = NULL;

  *self = VALISE_USER_POLICY_DEFAULT;
  if (!g_file_get_contents (path, &text, &length, NULL))
    return;
  if (length <= MAX_SIZE)
    json = valise_json_scan_text (text, (gssize) length, VALISE_JSON_INTEGERS, &error);
  for (const char *const *key = valise_user_policy_list_keys (); json != NULL && *key != NULL;
       key++)
    {
      g_autofree char *value = valise_json_dup_member (json, 0, *key);

      if (value != NULL && error == NULL)
        valise_user_policy_set (self, *key, value, &error);
    }
  if (json != NULL && error == NULL)
    return;
  g_message ("%s is damaged, so its settings are the usual ones: %s", path,
             error != NULL ? error->message : "it is too long");
  *self = VALISE_USER_POLICY_DEFAULT;
}

gboolean
valise_user_policy_save (const ValiseUserPolicy *self, const char *folder, GError **error)
{
  g_autofree char    *path = g_build_filename (folder, FILE_NAME, NULL);
  g_autoptr (GString) text = g_string_new ("{");

  for (const char *const *key = valise_user_policy_list_keys (); *key != NULL; key++)
    {
      g_autofree char *value = valise_user_policy_dup (self, *key);

      g_string_append_printf (text, "%s\"%s\":\"%s\"", text->len > 1 ? "," : "", *key, value);
    }
  g_string_append (text, "}\n");
  return g_file_set_contents_full (path, text->str, (gssize) text->len,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}
