/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-bundle-request"

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "valise-account-trust.h"
#include "valise-bundle-header.h"
#include "valise-bundle-request.h"
#include "valise-bundle-wall.h"
#include "valise-clock.h"
#include "valise-digest.h"
#include "valise-file-wishes.h"
#include "valise-home.h"

#define MAGIC    "valise-request-1\n"
#define MAX_LINE (64 << 10) /* bytes */
#define MAX_WORD 1000

/* The beginning of a SHA-256, as a number. */
typedef guint64 Mark;

/* The marks of one database, or of the files. */
typedef struct
{
  char   *name;  /* NULL: the files */
  GArray *marks; /* of Mark, rising */
} Shelf;

struct _ValiseBundleRequest
{
  char      *programme;
  char      *participant;
  char      *person;
  GPtrArray *shelves; /* (element-type Shelf) */
};

static Shelf *
new_shelf (const char *name)
{
  Shelf *shelf = g_new0 (Shelf, 1);

  shelf->name = g_strdup (name);
  shelf->marks = g_array_new (FALSE, FALSE, sizeof (Mark));
  return shelf;
}

static void
free_shelf (gpointer data)
{
  Shelf *shelf = data;

  g_array_unref (shelf->marks);
  g_free (shelf->name);
  g_free (shelf);
}

static Mark
make_mark (const char *text)
{
  guint8  digest[VALISE_DIGEST_SIZE];
  guint64 big_endian = 0;

  valise_digest_compute (text, strlen (text), digest);
  memcpy (&big_endian, digest, sizeof big_endian);
  return GUINT64_FROM_BE (big_endian);
}

static int
compare_marks (gconstpointer a, gconstpointer b)
{
  Mark left = *(const Mark *) a, right = *(const Mark *) b;

  return left < right ? -1 : left > right;
}

/* --- writing -------------------------------------------------------------------------------- */

static gboolean
add_revisions (const ValiseChange *change, gpointer user_data)
{
  Shelf *shelf = user_data;

  for (guint i = 0; i < change->leaves->len; i++)
    {
      const ValiseRevisionLeaf *leaf = g_ptr_array_index (change->leaves, i);
      g_autofree char          *text = g_strconcat (change->id, "\n", leaf->rev, NULL);
      Mark                      mark = make_mark (text);

      if (leaf->here)
        g_array_append_val (shelf->marks, mark);
    }
  return TRUE;
}

static gboolean
add_databases (const ValiseBundleHolder *holder, GPtrArray *shelves, GError **error)
{
  g_auto (GStrv) names = valise_home_list_databases (holder->home);

  for (guint i = 0; names[i] != NULL && shelves->len < VALISE_BUNDLE_MAX_DATABASES; i++)
    {
      g_autoptr (ValiseDatabase) database = NULL;
      Shelf                     *shelf = NULL;
      gint64                     last = 0;

      if (!valise_bundle_wall_admits (holder->participant, names[i]))
        continue;
      shelf = new_shelf (names[i]);
      g_ptr_array_add (shelves, shelf);
      database = valise_home_get_database (holder->home, names[i], FALSE, error);
      if (database == NULL
          || !valise_database_changes (database, 0, 0, VALISE_CHANGES_ALL_LEAVES, add_revisions,
                                       shelf, &last, NULL, error))
        return FALSE;
      g_array_sort (shelf->marks, compare_marks);
    }
  return TRUE;
}

static gboolean
add_originals (const ValiseBundleHolder *holder, GPtrArray *shelves, GError **error)
{
  ValiseFileStore       *files = valise_home_get_files (holder->home, error);
  g_autoptr (GHashTable) here = files != NULL ? valise_file_wishes_list_here (files, error) : NULL;
  Shelf                 *shelf = new_shelf (NULL);
  GHashTableIter         iter;
  gpointer               sha256 = NULL, value = NULL;

  g_ptr_array_add (shelves, shelf);
  if (here == NULL)
    return FALSE;
  g_hash_table_iter_init (&iter, here);
  while (g_hash_table_iter_next (&iter, &sha256, &value))
    {
      Mark mark = make_mark (sha256);

      if (((const ValiseFileHere *) value)->complete)
        g_array_append_val (shelf->marks, mark);
    }
  g_array_sort (shelf->marks, compare_marks);
  return TRUE;
}

static void
append_text (GString *out, const char *name, const char *value)
{
  if (value == NULL)
    return;
  g_string_append_printf (out, "\"%s\":", name);
  valise_json_append_string (out, value, -1);
  g_string_append_c (out, ',');
}

static void
append_head (GString *out, const ValiseBundleHolder *holder, GPtrArray *shelves)
{
  guint databases = shelves->len - 1; /* the last are the files */

  g_string_append (out, MAGIC "{");
  append_text (out, "programme", holder->programme);
  append_text (out, "participant", holder->participant);
  append_text (out, "person", holder->person);
  append_text (out, "device", holder->device);
  g_string_append_printf (out, "\"made\":%" G_GINT64_FORMAT ",\"databases\":[",
                          valise_clock_now ());
  for (guint i = 0; i < databases; i++)
    {
      const Shelf *shelf = g_ptr_array_index (shelves, i);

      g_string_append (out, i > 0 ? ",{" : "{");
      append_text (out, "name", shelf->name);
      g_string_append_printf (out, "\"revisions\":%u}", shelf->marks->len);
    }
  g_string_append_printf (out, "],\"originals\":%u}\n",
                          ((const Shelf *) g_ptr_array_index (shelves, databases))->marks->len);
}

gboolean
valise_bundle_request_write (const ValiseBundleHolder *holder, const char *path, GError **error)
{
  g_autoptr (GPtrArray) shelves = g_ptr_array_new_with_free_func (free_shelf);
  g_autoptr (GString)   out = g_string_new (NULL);

  g_return_val_if_fail (holder != NULL && path != NULL, FALSE);

  if (!add_databases (holder, shelves, error) || !add_originals (holder, shelves, error))
    return FALSE;
  append_head (out, holder, shelves);
  for (guint i = 0; i < shelves->len; i++)
    {
      const Shelf *shelf = g_ptr_array_index (shelves, i);

      for (guint j = 0; j < shelf->marks->len; j++)
        {
          guint64 big_endian = GUINT64_TO_BE (g_array_index (shelf->marks, Mark, j));

          g_string_append_len (out, (const char *) &big_endian, sizeof big_endian);
        }
    }
  return g_file_set_contents_full (path, out->str, (gssize) out->len,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

gboolean
valise_account_write_request (ValiseAccount *account, const char *path, GError **error)
{
  g_autoptr (ValiseMembership) membership = valise_account_dup_membership (account);
  const ValiseBundleHolder     holder = { .home = valise_account_get_home (account),
                                          .programme = membership->programme,
                                          .device = membership->device,
                                          .person = membership->person,
                                          .participant = membership->participant };

  return valise_bundle_request_write (&holder, path, error);
}

/* --- reading -------------------------------------------------------------------------------- */

static gboolean
refuse (GError **error, ValiseBundleError code, const char *why)
{
  g_set_error_literal (error, VALISE_BUNDLE_ERROR, (int) code, why);
  return FALSE;
}

/* @count marks at *@at of @text, which are past it then. FALSE where there are not so many. */
static gboolean
take_marks (Shelf *shelf, gint64 count, const char *text, gsize length, gsize *at)
{
  if (count < 0 || (guint64) count > (length - *at) / sizeof (guint64))
    return FALSE;
  for (gint64 i = 0; i < count; i++)
    {
      guint64 big_endian = 0;
      Mark    mark = 0;

      memcpy (&big_endian, text + *at, sizeof big_endian);
      mark = GUINT64_FROM_BE (big_endian);
      if (i > 0 && mark < g_array_index (shelf->marks, Mark, i - 1))
        return FALSE;
      g_array_append_val (shelf->marks, mark);
      *at += sizeof big_endian;
    }
  return TRUE;
}

static gboolean
is_word (const char *text)
{
  return text == NULL || strlen (text) <= MAX_WORD;
}

static gboolean
read_shelves (ValiseBundleRequest *self,
              const ValiseJson    *json,
              const char          *text,
              gsize                length,
              gsize                at)
{
  guint  list = valise_json_find (json, 0, "databases");
  Shelf *originals = new_shelf (NULL);

  g_ptr_array_add (self->shelves, originals);
  if (list == VALISE_JSON_NONE || valise_json_get_kind (json, list) != VALISE_JSON_KIND_ARRAY
      || valise_json_count (json, list) > VALISE_BUNDLE_MAX_DATABASES)
    return FALSE;
  for (guint token = valise_json_first (json, list); token != VALISE_JSON_NONE;
       token = valise_json_next (json, token))
    {
      g_autofree char *name = valise_json_dup_member (json, token, "name");
      Shelf           *shelf = new_shelf (name);

      g_ptr_array_add (self->shelves, shelf);
      if (name == NULL || !is_word (name)
          || !take_marks (shelf, valise_json_get_member_int (json, token, "revisions", -1), text,
                          length, &at))
        return FALSE;
    }
  return take_marks (originals, valise_json_get_member_int (json, 0, "originals", -1), text, length,
                     &at)
         && at == length;
}

static gboolean
read_all (ValiseBundleRequest *self, const char *text, gsize length, GError **error)
{
  const char            *line = NULL, *end = NULL;
  g_autoptr (ValiseJson) json = NULL;

  if (length < strlen (MAGIC) || memcmp (text, MAGIC, strlen (MAGIC)) != 0)
    return refuse (error, VALISE_BUNDLE_ERROR_FOREIGN, "This is not a list of what a laptop has");
  line = text + strlen (MAGIC);
  length -= strlen (MAGIC);
  end = memchr (line, '\n', MIN (length, MAX_LINE));
  if (end != NULL)
    json = valise_json_scan_text (line, end - line, VALISE_JSON_INTEGERS, NULL);
  if (json != NULL)
    {
      self->programme = valise_json_dup_member (json, 0, "programme");
      self->participant = valise_json_dup_member (json, 0, "participant");
      self->person = valise_json_dup_member (json, 0, "person");
    }
  if (self->programme == NULL || !is_word (self->programme) || !is_word (self->participant)
      || !is_word (self->person)
      || !read_shelves (self, json, line, length, (gsize) (end - line) + 1))
    return refuse (error, VALISE_BUNDLE_ERROR_DAMAGED,
                   "The list of what the other laptop has is damaged");
  return TRUE;
}

ValiseBundleRequest *
valise_bundle_request_read (const char *path, GError **error)
{
  g_autoptr (ValiseBundleRequest) self = g_new0 (ValiseBundleRequest, 1);
  g_autofree char                *text = NULL;
  GStatBuf                        status;
  gsize                           length = 0;

  self->shelves = g_ptr_array_new_with_free_func (free_shelf);
  if (g_stat (path, &status) == 0 && status.st_size > VALISE_BUNDLE_REQUEST_MAX)
    {
      refuse (error, VALISE_BUNDLE_ERROR_TOO_LARGE, "That is larger than any list is");
      return NULL;
    }
  if (!g_file_get_contents (path, &text, &length, error) || !read_all (self, text, length, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
valise_bundle_request_free (ValiseBundleRequest *self)
{
  g_ptr_array_unref (self->shelves);
  g_free (self->programme);
  g_free (self->participant);
  g_free (self->person);
  g_free (self);
}

const char *
valise_bundle_request_get_programme (const ValiseBundleRequest *self)
{
  return self->programme;
}

const char *
valise_bundle_request_get_participant (const ValiseBundleRequest *self)
{
  return self->participant;
}

const char *
valise_bundle_request_get_person (const ValiseBundleRequest *self)
{
  return self->person;
}

static gboolean
has (const ValiseBundleRequest *self, const char *name, const char *text)
{
  Mark mark = make_mark (text);

  for (guint i = 0; i < self->shelves->len; i++)
    {
      const Shelf *shelf = g_ptr_array_index (self->shelves, i);

      if (g_strcmp0 (shelf->name, name) == 0)
        return g_array_binary_search (shelf->marks, &mark, compare_marks, NULL);
    }
  return FALSE;
}

gboolean
valise_bundle_request_has (const ValiseBundleRequest *self,
                           const char                *database,
                           const char                *id,
                           const char                *rev)
{
  g_autofree char *text = g_strconcat (id, "\n", rev, NULL);

  return has (self, database, text);
}

gboolean
valise_bundle_request_has_original (const ValiseBundleRequest *self, const char *sha256)
{
  return has (self, NULL, sha256);
}

gboolean
valise_bundle_request_check (const ValiseBundleRequest *self, const char *programme, GError **error)
{
  if (g_strcmp0 (self->programme, programme) == 0)
    return TRUE;
  g_set_error (error, VALISE_BUNDLE_ERROR, VALISE_BUNDLE_ERROR_PROGRAMME,
               "The list is of a laptop in another programme, %s", self->programme);
  return FALSE;
}
