/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "valise-fake-record.h"

/* --- version ------------------------------------------------------------------------------------
 */

struct _ValiseVersion
{
  GObject  parent_instance;
  char    *language;
  char    *id;
  gboolean here;
};

G_DEFINE_FINAL_TYPE (ValiseVersion, valise_version, G_TYPE_OBJECT)

static void
valise_version_finalize (GObject *object)
{
  ValiseVersion *self = VALISE_PAPER_VERSION (object);

  g_free (self->language);
  g_free (self->id);
  G_OBJECT_CLASS (valise_version_parent_class)->finalize (object);
}

static void
valise_version_class_init (ValiseVersionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = valise_version_finalize;
}

static void
valise_version_init (ValiseVersion *self)
{
}

const char *
valise_version_get_language (ValiseVersion *self)
{
  return self->language;
}

gboolean
valise_version_get_here (ValiseVersion *self)
{
  return self->here;
}

gint64
valise_version_get_size (ValiseVersion *self)
{
  return 41000;
}

const char *
valise_version_get_database (ValiseVersion *self)
{
  return "public";
}

const char *
valise_version_get_id (ValiseVersion *self)
{
  return self->id;
}

/* --- paper --------------------------------------------------------------------------------------
 */

struct _ValisePaper
{
  GObject     parent_instance;
  FakePaper   fake;
  char       *symbol;
  char       *title;
  gboolean    heading;
  gboolean    loaded;
  gboolean    unread;
  GListStore *versions;
};

G_DEFINE_FINAL_TYPE (ValisePaper, valise_paper, G_TYPE_OBJECT)

enum
{
  PROP_LOADED = 1,
};

static void
valise_paper_finalize (GObject *object)
{
  ValisePaper *self = VALISE_PAPER (object);

  g_free (self->symbol);
  g_free (self->title);
  g_clear_object (&self->versions);
  G_OBJECT_CLASS (valise_paper_parent_class)->finalize (object);
}

static void
valise_paper_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_boolean (value, VALISE_PAPER (object)->loaded);
}

static void
valise_paper_class_init (ValisePaperClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = valise_paper_finalize;
  object_class->get_property = valise_paper_get_property;
  g_object_class_install_property (
      object_class, PROP_LOADED,
      g_param_spec_boolean ("loaded", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
valise_paper_init (ValisePaper *self)
{
  self->versions = g_list_store_new (VALISE_TYPE_VERSION);
}

static void
add_versions (ValisePaper *self, const char *languages, gboolean here)
{
  g_auto (GStrv) codes = g_strsplit (languages, " ", -1);

  for (guint i = 0; codes[i] != NULL && *codes[i] != '\0'; i++)
    {
      g_autoptr (ValiseVersion) version = g_object_new (VALISE_TYPE_VERSION, NULL);

      version->language = g_strdup (codes[i]);
      version->id = g_strdup_printf ("text:%s:%s", self->symbol, codes[i]);
      version->here = here;
      g_list_store_append (self->versions, version);
    }
}

static gboolean
load_later (gpointer data)
{
  ValisePaper *self = data;

  self->loaded = TRUE;
  g_object_notify (G_OBJECT (self), "loaded");
  return G_SOURCE_REMOVE;
}

ValisePaper *
valise_fake_paper_new (guint index, gboolean at_once)
{
  ValisePaper *self = g_object_new (VALISE_TYPE_PAPER, NULL);

  self->fake = valise_fake_papers[index % N_FAKE_PAPERS];
  if (index < N_FAKE_PAPERS)
    self->symbol = g_strdup (self->fake.symbol);
  else
    self->symbol = g_strdup_printf ("A/AC.292/2026/WP.%u", 100 + index);
  self->title = g_strdup (self->fake.title);
  self->unread = index < 3;
  add_versions (self, self->fake.here, TRUE);
  add_versions (self, self->fake.absent, FALSE);
  if (at_once)
    self->loaded = TRUE;
  else
    g_idle_add_full (G_PRIORITY_HIGH, load_later, g_object_ref (self), g_object_unref);

  return self;
}

ValisePaper *
valise_fake_heading_new (const char *title)
{
  ValisePaper *self = g_object_new (VALISE_TYPE_PAPER, NULL);

  self->title = g_strdup (title);
  self->heading = TRUE;
  self->loaded = TRUE;
  return self;
}

gboolean
valise_paper_is_heading (ValisePaper *self)
{
  return self->heading;
}

gboolean
valise_paper_get_loaded (ValisePaper *self)
{
  return self->loaded;
}

#define WHERE_LOADED(member) (self->loaded && !self->heading ? self->member : NULL)

const char *
valise_paper_get_symbol (ValisePaper *self)
{
  return WHERE_LOADED (symbol);
}

const char *
valise_paper_get_title (ValisePaper *self)
{
  return self->loaded ? self->title : NULL;
}

const char *
valise_paper_get_title_language (ValisePaper *self)
{
  return self->loaded ? "en" : NULL;
}

char *
valise_paper_dup_title_in (ValisePaper *self, const char *language)
{
  return g_strdup (strcmp (language, "fr") == 0   ? self->fake.french
                   : strcmp (language, "ar") == 0 ? self->fake.arabic
                                                  : self->title);
}

const char *
valise_paper_get_kind (ValisePaper *self)
{
  return WHERE_LOADED (fake.kind);
}

const char *
valise_paper_get_date (ValisePaper *self)
{
  return WHERE_LOADED (fake.date);
}

const char *
valise_paper_get_meeting (ValisePaper *self)
{
  return WHERE_LOADED (fake.meeting);
}

const char *
valise_paper_get_item (ValisePaper *self)
{
  return WHERE_LOADED (fake.item);
}

const char *
valise_paper_get_author (ValisePaper *self)
{
  return WHERE_LOADED (fake.author);
}

GListModel *
valise_paper_get_versions (ValisePaper *self)
{
  return G_LIST_MODEL (self->versions);
}

GListModel *
valise_paper_get_files (ValisePaper *self)
{
  static GListStore *none, *one;
  const char        *symbol = valise_paper_get_symbol (self);

  if (none == NULL)
    {
      g_autoptr (GObject) file = g_object_new (VALISE_TYPE_PAPER_FILE, NULL);

      none = g_list_store_new (G_TYPE_OBJECT);
      one = g_list_store_new (VALISE_TYPE_PAPER_FILE);
      g_list_store_append (one, file);
    }
  return G_LIST_MODEL (g_strcmp0 (symbol, "A/RES/77/37") == 0 ? one : none);
}

gboolean
valise_paper_get_unread (ValisePaper *self)
{
  return self->loaded && self->unread;
}

const char *const *
valise_paper_get_references (ValisePaper *self)
{
  static const char *const references[] = { "A/RES/77/37", "A/AC.292/2026/WP.18", NULL };

  return self->loaded && !self->heading ? references : NULL;
}

const char *
valise_paper_get_seal_key (ValisePaper *self)
{
  return self->loaded && !self->heading ? "4f2a8c1d90e3b756" : NULL;
}

/* Papers of before 2026 are from when seals did not say. */
const char *
valise_paper_get_issued (ValisePaper *self)
{
  const char *date = valise_paper_get_date (self);

  return date != NULL && g_str_has_prefix (date, "2026") ? "2026-07-18T09:12:00Z" : NULL;
}

gint64
valise_paper_get_issue (ValisePaper *self)
{
  return self->loaded && !self->heading ? 212 : 0;
}

const char *
valise_paper_get_source (ValisePaper *self)
{
  return self->loaded && g_str_has_prefix (self->symbol, "A/RES/")
             ? "United Nations Digital Library: unofficial copy"
             : NULL;
}
