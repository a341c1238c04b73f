/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-file-task"

#include "config.h"

#include "valise-file-task.h"

typedef enum
{
  KIND_READ,
  KIND_WANT,
  KIND_STAGE,
  KIND_EVICT,
} Kind;

struct _ValiseFileTask
{
  Kind            kind;
  GPtrArray      *wishes; /* (element-type ValiseFileWish), or NULL */
  int             priority;
  char          **sha256s; /* or NULL */
  ValiseWishStage stage;
};

static ValiseFileTask *
make (Kind kind, const char *const *sha256s)
{
  ValiseFileTask *self = g_new0 (ValiseFileTask, 1);

  self->kind = kind;
  self->sha256s = g_strdupv ((char **) sha256s);
  return self;
}

ValiseFileTask *
valise_file_task_new_read (void)
{
  return make (KIND_READ, NULL);
}

ValiseFileTask *
valise_file_task_new_want (const ValiseFileWanted *wanted, guint n_wanted, int priority)
{
  ValiseFileTask *self = make (KIND_WANT, NULL);

  self->priority = priority;
  self->wishes = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_file_wish_free);
  for (guint i = 0; i < n_wanted; i++)
    {
      const ValiseFileWish wish = {
        .sha256 = (char *) wanted[i].sha256,
        .database = (char *) wanted[i].database,
        .name = (char *) (wanted[i].name != NULL ? wanted[i].name : wanted[i].sha256),
        .symbol = (char *) wanted[i].symbol,
        .meeting = (char *) wanted[i].meeting,
        .language = (char *) wanted[i].language,
        .length = wanted[i].length,
      };

      g_ptr_array_add (self->wishes, valise_file_wish_copy (&wish));
    }
  return self;
}

ValiseFileTask *
valise_file_task_new_stage (const char *const *sha256s, ValiseWishStage stage)
{
  ValiseFileTask *self = make (KIND_STAGE, sha256s);

  self->stage = stage;
  return self;
}

ValiseFileTask *
valise_file_task_new_evict (const char *const *sha256s)
{
  return make (KIND_EVICT, sha256s);
}

void
valise_file_task_free (ValiseFileTask *self)
{
  g_clear_pointer (&self->wishes, g_ptr_array_unref);
  g_strfreev (self->sha256s);
  g_free (self);
}

gboolean
valise_file_task_changes (const ValiseFileTask *self)
{
  return self->kind != KIND_READ;
}

gboolean
valise_file_task_do (const ValiseFileTask *self, ValiseFileStore *files, GError **error)
{
  const char *const *sha256s = (const char *const *) self->sha256s;

  switch (self->kind)
    {
    case KIND_WANT:
      return valise_file_wishes_add (files, self->wishes, self->priority, error);
    case KIND_STAGE:
      return valise_file_wishes_set_stage (files, sha256s, self->stage, error);
    case KIND_EVICT:
      return valise_file_wishes_evict (files, sha256s, NULL, error);
    case KIND_READ:
    default:
      return TRUE;
    }
}
