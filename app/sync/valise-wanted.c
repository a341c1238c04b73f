/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-wanted"

#include "config.h"

#include <string.h>

#include "valise-id.h"
#include "valise-json.h"
#include "valise-wanted.h"

#define FILE_NAME "wanted.json"
#define MAX_HELD  1000

struct _ValiseWanted
{
  gatomicrefcount refs;
  char           *path;
  GMutex          writing; /* held while the file is written; taken before the other */
  GMutex          mutex;
  GPtrArray      *plans; /* (element-type ValisePlan), the newest first */
  GPtrArray      *held;  /* (element-type utf8), sorted */
};

/* --- a plan -------------------------------------------------------------------------------- */

ValisePlan *
valise_plan_new (const char *name, const char *title, const char *database)
{
  ValisePlan *self = g_new0 (ValisePlan, 1);

  g_atomic_ref_count_init (&self->refs);
  self->name = g_strdup (name);
  self->title = g_strdup (title != NULL ? title : name);
  self->database = g_strdup (database);
  self->ids = g_ptr_array_new_with_free_func (g_free);
  self->sizes = g_array_new (FALSE, FALSE, sizeof (gint64));
  return self;
}

ValisePlan *
valise_plan_ref (ValisePlan *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
valise_plan_unref (ValisePlan *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  g_free (self->name);
  g_free (self->title);
  g_free (self->database);
  g_ptr_array_unref (self->ids);
  g_array_unref (self->sizes);
  g_free (self);
}

void
valise_plan_add (ValisePlan *self, const char *id, gint64 size)
{
  if (self->ids->len >= VALISE_WANTED_MAX_IDS)
    return;
  g_ptr_array_add (self->ids, g_strdup (id));
  size = MAX (size, 0);
  g_array_append_val (self->sizes, size);
}

guint64
valise_plan_get_bytes (const ValisePlan *self)
{
  guint64 sum = 0;

  for (guint i = 0; i < self->sizes->len; i++)
    sum += (guint64) g_array_index (self->sizes, gint64, i);
  return sum;
}

guint64
valise_plan_weigh (const char *id, gint64 size)
{
  static const struct
  {
    const char *language;
    guint       per_mille;
  } usual[] = { { "ar", 226 }, { "en", 243 }, { "es", 246 },
                { "fr", 246 }, { "ru", 208 }, { "zh", 294 } };
  const char *language = valise_id_get_language (id);
  guint       per_mille = 250; /* of what is no text */

  for (guint i = 0; language != NULL && i < G_N_ELEMENTS (usual); i++)
    if (strcmp (usual[i].language, language) == 0)
      per_mille = usual[i].per_mille;
  return (guint64) MAX (size, 0) * per_mille / 1000;
}

guint64
valise_plan_get_weight (const ValisePlan *self)
{
  guint64 sum = 0;

  for (guint i = 0; i < self->ids->len; i++)
    sum += valise_plan_weigh (g_ptr_array_index (self->ids, i),
                              g_array_index (self->sizes, gint64, i));
  return sum;
}

/* --- the file -------------------------------------------------------------------------------- */

static ValisePlan *
read_plan (const ValiseJson *json, guint value)
{
  g_autofree char *name = valise_json_dup_member (json, value, "name");
  g_autofree char *title = valise_json_dup_member (json, value, "title");
  g_autofree char *database = valise_json_dup_member (json, value, "database");
  guint            documents = valise_json_find (json, value, "documents");
  ValisePlan      *plan = NULL;

  if (name == NULL || database == NULL || documents == VALISE_JSON_NONE
      || valise_json_get_kind (json, documents) != VALISE_JSON_KIND_ARRAY)
    return NULL;
  plan = valise_plan_new (name, title, database);
  for (guint i = valise_json_first (json, documents); i != VALISE_JSON_NONE;
       i = valise_json_next (json, i))
    {
      g_autofree char *id = valise_json_dup_member (json, i, "id");

      if (id != NULL)
        valise_plan_add (plan, id, valise_json_get_member_int (json, i, "size", 0));
    }
  return plan;
}

static void
read_plans (ValiseWanted *self, const ValiseJson *json, guint list)
{
  for (guint i = list != VALISE_JSON_NONE ? valise_json_first (json, list) : list;
       i != VALISE_JSON_NONE && self->plans->len < VALISE_WANTED_MAX_PLANS;
       i = valise_json_next (json, i))
    {
      ValisePlan *plan = read_plan (json, i);

      if (plan != NULL)
        g_ptr_array_add (self->plans, plan);
    }
}

static void
read_held (ValiseWanted *self, const ValiseJson *json, guint list)
{
  for (guint i = list != VALISE_JSON_NONE ? valise_json_first (json, list) : list;
       i != VALISE_JSON_NONE && self->held->len < MAX_HELD; i = valise_json_next (json, i))
    {
      char *name = valise_json_dup_string (json, i);

      if (name != NULL)
        g_ptr_array_add (self->held, name);
    }
}

static void
write_plan (GString *text, const ValisePlan *plan)
{
  g_string_append (text, "{\"name\":");
  valise_json_append_string (text, plan->name, -1);
  g_string_append (text, ",\"title\":");
  valise_json_append_string (text, plan->title, -1);
  g_string_append (text, ",\"database\":");
  valise_json_append_string (text, plan->database, -1);
  g_string_append (text, ",\"documents\":[");
  for (guint i = 0; i < plan->ids->len; i++)
    {
      g_string_append (text, i > 0 ? ",{\"id\":" : "{\"id\":");
      valise_json_append_string (text, g_ptr_array_index (plan->ids, i), -1);
      g_string_append_printf (text, ",\"size\":%" G_GINT64_FORMAT "}",
                              g_array_index (plan->sizes, gint64, i));
    }
  g_string_append (text, "]}");
}

static char *
dup_text (ValiseWanted *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  GString                        *text = g_string_new ("{\"plans\":[");

  for (guint i = 0; i < self->plans->len; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      write_plan (text, g_ptr_array_index (self->plans, i));
    }
  g_string_append (text, "],\"held\":[");
  for (guint i = 0; i < self->held->len; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      valise_json_append_string (text, g_ptr_array_index (self->held, i), -1);
    }
  g_string_append (text, "]}\n");
  return g_string_free (text, FALSE);
}

gboolean
valise_wanted_save (ValiseWanted *self, GError **error)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->writing);
  g_autofree char                *text = dup_text (self);

  return g_file_set_contents_full (self->path, text, -1,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

ValiseWanted *
valise_wanted_load (const char *folder)
{
  ValiseWanted          *self = g_new0 (ValiseWanted, 1);
  g_autofree char       *text = NULL;
  gsize                  length = 0;
  g_autoptr (ValiseJson) json = NULL;
  g_autoptr (GError)     error = NULL;

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->writing);
  g_mutex_init (&self->mutex);
  self->path = g_build_filename (folder, FILE_NAME, NULL);
  self->plans = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_plan_unref);
  self->held = g_ptr_array_new_with_free_func (g_free);
  if (!g_file_get_contents (self->path, &text, &length, NULL))
    return self;
  json = valise_json_scan_text (text, (gssize) length, VALISE_JSON_INTEGERS, &error);
  if (json == NULL)
    {
      g_message ("%s is damaged, so nothing is planned: %s", self->path, error->message);
      return self;
    }
  read_plans (self, json, valise_json_find (json, 0, "plans"));
  read_held (self, json, valise_json_find (json, 0, "held"));
  return self;
}

ValiseWanted *
valise_wanted_ref (ValiseWanted *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
valise_wanted_unref (ValiseWanted *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  g_ptr_array_unref (self->plans);
  g_ptr_array_unref (self->held);
  g_mutex_clear (&self->writing);
  g_mutex_clear (&self->mutex);
  g_free (self->path);
  g_free (self);
}

/* --- plans ----------------------------------------------------------------------------------- */

/* @plans without the one of @name. */
static GPtrArray *
copy_plans (GPtrArray *plans, const char *name)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_plan_unref);

  for (guint i = 0; i < plans->len; i++)
    {
      ValisePlan *plan = g_ptr_array_index (plans, i);

      if (g_strcmp0 (plan->name, name) != 0)
        g_ptr_array_add (copy, valise_plan_ref (plan));
    }
  return copy;
}

/* Takes @plans; holds the mutex. */
static void
replace_plans (ValiseWanted *self, GPtrArray *plans)
{
  g_ptr_array_unref (self->plans);
  self->plans = plans;
}

void
valise_wanted_put (ValiseWanted *self, ValisePlan *plan)
{
  GPtrArray *plans = NULL;

  g_mutex_lock (&self->mutex);
  plans = copy_plans (self->plans, plan->name);
  if (plan->ids->len > 0)
    g_ptr_array_insert (plans, 0, valise_plan_ref (plan));
  g_ptr_array_set_size (plans, (int) MIN (plans->len, VALISE_WANTED_MAX_PLANS));
  replace_plans (self, plans);
  g_mutex_unlock (&self->mutex);
}

gboolean
valise_wanted_finish (ValiseWanted *self, ValisePlan *plan, GError **error)
{
  gboolean found = FALSE;

  g_mutex_lock (&self->mutex);
  found = g_ptr_array_find (self->plans, plan, NULL);
  if (found)
    replace_plans (self, copy_plans (self->plans, plan->name));
  g_mutex_unlock (&self->mutex);
  return !found || valise_wanted_save (self, error);
}

GPtrArray *
valise_wanted_list (ValiseWanted *self)
{
  GPtrArray *plans = NULL;

  g_mutex_lock (&self->mutex);
  plans = copy_plans (self->plans, NULL);
  g_mutex_unlock (&self->mutex);
  return plans;
}

/* --- what waits because the user said so ------------------------------------------------------ */

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

void
valise_wanted_hold (ValiseWanted *self, const char *name, gboolean hold)
{
  GPtrArray *held = g_ptr_array_new_with_free_func (g_free);

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->held->len; i++)
    if (strcmp (g_ptr_array_index (self->held, i), name) != 0)
      g_ptr_array_add (held, g_strdup (g_ptr_array_index (self->held, i)));
  if (hold)
    g_ptr_array_add (held, g_strdup (name));
  g_ptr_array_sort (held, compare_names);
  g_ptr_array_unref (self->held);
  self->held = held;
  g_mutex_unlock (&self->mutex);
}

gboolean
valise_wanted_is_held (ValiseWanted *self, const char *name)
{
  gboolean held = FALSE;

  g_mutex_lock (&self->mutex);
  held = g_ptr_array_find_with_equal_func (self->held, name, g_str_equal, NULL);
  g_mutex_unlock (&self->mutex);
  return held;
}

char *
valise_wanted_dup_version (ValiseWanted *self, const char *database)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char      *prefix = g_strconcat (database, "/", NULL);
  guint                 count = 0;

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->held->len; i++)
    {
      const char *name = g_ptr_array_index (self->held, i);

      if (!g_str_has_prefix (name, prefix))
        continue;
      g_checksum_update (checksum, (const guchar *) name, (gssize) strlen (name) + 1);
      count++;
    }
  g_mutex_unlock (&self->mutex);
  return count > 0 ? g_strconcat ("held:", g_checksum_get_string (checksum), NULL) : NULL;
}
