/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-paper-file"

#include "config.h"

#include "valise-id.h"
#include "valise-language.h"
#include "valise-paper-parts.h"

struct _ValisePaperFile
{
  GObject parent_instance;

  char  *name;
  char  *sha256;
  char  *language;
  gint64 length;
  char  *symbol;
  char  *meeting;
  char  *database;
};

G_DEFINE_FINAL_TYPE (ValisePaperFile, valise_paper_file, G_TYPE_OBJECT)

static void
valise_paper_file_finalize (GObject *object)
{
  ValisePaperFile *self = VALISE_PAPER_FILE (object);

  g_free (self->name);
  g_free (self->sha256);
  g_free (self->language);
  g_free (self->symbol);
  g_free (self->meeting);
  g_free (self->database);

  G_OBJECT_CLASS (valise_paper_file_parent_class)->finalize (object);
}

static void
valise_paper_file_class_init (ValisePaperFileClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = valise_paper_file_finalize;
}

static void
valise_paper_file_init (ValisePaperFile *self)
{
}

/* NULL for what is no file. */
static ValisePaperFile *
read_file (const ValiseJson *json, guint token, const ValiseIndexRecord *record)
{
  g_autofree char *sha256 = valise_json_dup_member (json, token, "sha256");
  g_autofree char *name = valise_json_dup_member (json, token, "name");
  g_autofree char *language = valise_json_dup_member (json, token, "language");
  gint64           length = valise_json_get_member_int (json, token, "length", -1);
  ValisePaperFile *self = NULL;

  if (!valise_id_is_sha256 (sha256) || name == NULL || length < 0)
    return NULL;

  self = g_object_new (VALISE_TYPE_PAPER_FILE, NULL);
  self->name = g_steal_pointer (&name);
  self->sha256 = g_steal_pointer (&sha256);
  if (language != NULL && valise_language_is_known (language))
    self->language = g_steal_pointer (&language);
  self->length = length;
  self->symbol = g_strdup (record->symbol);
  self->meeting = g_strdup (record->meeting);
  self->database = g_strdup (record->database);

  return self;
}

GPtrArray *
valise_paper_files_read (const ValiseJson *summary, const ValiseIndexRecord *record)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_object_unref);
  guint      list = valise_json_find (summary, 0, "files");

  if (list == VALISE_JSON_NONE || valise_json_get_kind (summary, list) != VALISE_JSON_KIND_ARRAY)
    return files;

  for (guint i = valise_json_first (summary, list);
       i != VALISE_JSON_NONE && files->len < VALISE_PAPER_MAX_FILES;
       i = valise_json_next (summary, i))
    {
      ValisePaperFile *file = read_file (summary, i, record);

      if (file != NULL)
        g_ptr_array_add (files, file);
    }

  return files;
}

#define DEFINE_GETTER(type, member)                                                                \
  type valise_paper_file_get_##member (ValisePaperFile *self)                                      \
  {                                                                                                \
    g_return_val_if_fail (VALISE_IS_PAPER_FILE (self), 0);                                         \
                                                                                                   \
    return self->member;                                                                           \
  }

DEFINE_GETTER (const char *, name)
DEFINE_GETTER (const char *, sha256)
DEFINE_GETTER (const char *, language)
DEFINE_GETTER (gint64, length)
DEFINE_GETTER (const char *, symbol)
DEFINE_GETTER (const char *, meeting)
DEFINE_GETTER (const char *, database)

#undef DEFINE_GETTER
