/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-version"

#include "config.h"

#include "valise-version.h"

struct _ValiseVersion
{
  GObject parent_instance;

  char    *language;
  gboolean here;
  gint64   size; /* bytes */
  char    *database;
  char    *id;
};

G_DEFINE_FINAL_TYPE (ValiseVersion, valise_version, G_TYPE_OBJECT)

static void
valise_version_finalize (GObject *object)
{
  ValiseVersion *self = VALISE_PAPER_VERSION (object);

  g_free (self->language);
  g_free (self->database);
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

ValiseVersion *
valise_version_new (const char *language,
                    gboolean    here,
                    gint64      size,
                    const char *database,
                    const char *id)
{
  ValiseVersion *self = NULL;

  g_return_val_if_fail (language != NULL && database != NULL && id != NULL, NULL);

  self = g_object_new (VALISE_TYPE_VERSION, NULL);
  self->language = g_strdup (language);
  self->here = here;
  self->size = size;
  self->database = g_strdup (database);
  self->id = g_strdup (id);

  return self;
}

const char *
valise_version_get_language (ValiseVersion *self)
{
  g_return_val_if_fail (VALISE_IS_PAPER_VERSION (self), NULL);

  return self->language;
}

gboolean
valise_version_get_here (ValiseVersion *self)
{
  g_return_val_if_fail (VALISE_IS_PAPER_VERSION (self), FALSE);

  return self->here;
}

gint64
valise_version_get_size (ValiseVersion *self)
{
  g_return_val_if_fail (VALISE_IS_PAPER_VERSION (self), 0);

  return self->size;
}

const char *
valise_version_get_database (ValiseVersion *self)
{
  g_return_val_if_fail (VALISE_IS_PAPER_VERSION (self), NULL);

  return self->database;
}

const char *
valise_version_get_id (ValiseVersion *self)
{
  g_return_val_if_fail (VALISE_IS_PAPER_VERSION (self), NULL);

  return self->id;
}

gboolean
valise_version_equal (ValiseVersion *self, ValiseVersion *other)
{
  g_return_val_if_fail (VALISE_IS_PAPER_VERSION (self) && VALISE_IS_PAPER_VERSION (other), FALSE);

  return self->here == other->here && self->size == other->size
         && strcmp (self->language, other->language) == 0 && strcmp (self->id, other->id) == 0
         && strcmp (self->database, other->database) == 0;
}
