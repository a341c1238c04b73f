/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-paper"

#include "config.h"

#include "valise-paper-parts.h"

/**
 * ValisePaper:
 *
 * Made empty when a list is asked for a row, and filled when the store has been asked. What
 * it shows is replaced whole, so a row never mixes two states of a paper.
 */
struct _ValisePaper
{
  GObject parent_instance;

  gboolean         heading;
  gboolean         unread;
  ValisePaperData *data; /* of a heading: title, meeting and item alone; NULL: not loaded */
  GListStore      *versions;
  GListStore      *files;
};

G_DEFINE_FINAL_TYPE (ValisePaper, valise_paper, G_TYPE_OBJECT)

enum
{
  PROP_LOADED = 1,
  PROP_UNREAD,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
valise_paper_finalize (GObject *object)
{
  ValisePaper *self = VALISE_PAPER (object);

  g_clear_pointer (&self->data, valise_paper_data_free);
  g_clear_object (&self->versions);
  g_clear_object (&self->files);

  G_OBJECT_CLASS (valise_paper_parent_class)->finalize (object);
}

static void
valise_paper_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ValisePaper *self = VALISE_PAPER (object);

  switch (id)
    {
    case PROP_LOADED:
      g_value_set_boolean (value, self->data != NULL);
      break;
    case PROP_UNREAD:
      g_value_set_boolean (value, self->unread);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
valise_paper_class_init (ValisePaperClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = valise_paper_finalize;
  object_class->get_property = valise_paper_get_property;

  properties[PROP_LOADED] =
      g_param_spec_boolean ("loaded", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_UNREAD] =
      g_param_spec_boolean ("unread", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
valise_paper_init (ValisePaper *self)
{
  self->versions = g_list_store_new (VALISE_TYPE_VERSION);
  self->files = g_list_store_new (VALISE_TYPE_PAPER_FILE);
}

ValisePaper *
valise_paper_new (void)
{
  return g_object_new (VALISE_TYPE_PAPER, NULL);
}

ValisePaper *
valise_paper_new_heading (const char *title, const char *meeting, const char *item)
{
  ValisePaper *self = valise_paper_new ();

  self->heading = TRUE;
  self->data = g_new0 (ValisePaperData, 1);
  self->data->title = g_strdup (title);
  self->data->meeting = g_strdup (meeting);
  self->data->item = g_strdup (item);

  return self;
}

void
valise_paper_fill (ValisePaper *self, ValisePaperData *data)
{
  g_return_if_fail (VALISE_IS_PAPER (self) && !self->heading);
  g_return_if_fail (data != NULL);

  if (self->data != NULL && valise_paper_data_equal (self->data, data))
    {
      valise_paper_data_free (data);
      return;
    }

  g_clear_pointer (&self->data, valise_paper_data_free);
  self->data = data;
  g_list_store_splice (self->versions, 0, g_list_model_get_n_items (G_LIST_MODEL (self->versions)),
                       data->versions->pdata, data->versions->len);
  g_list_store_splice (self->files, 0, g_list_model_get_n_items (G_LIST_MODEL (self->files)),
                       data->files->pdata, data->files->len);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADED]);
}

void
valise_paper_set_title (ValisePaper *self, const char *title)
{
  g_return_if_fail (VALISE_IS_PAPER (self) && self->heading);

  if (g_strcmp0 (self->data->title, title) == 0)
    return;

  g_free (self->data->title);
  self->data->title = g_strdup (title);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADED]);
}

void
valise_paper_set_unread (ValisePaper *self, gboolean unread)
{
  g_return_if_fail (VALISE_IS_PAPER (self));

  if (self->unread == unread)
    return;

  self->unread = unread;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNREAD]);
}

gboolean
valise_paper_is_heading (ValisePaper *self)
{
  g_return_val_if_fail (VALISE_IS_PAPER (self), FALSE);

  return self->heading;
}

gboolean
valise_paper_get_loaded (ValisePaper *self)
{
  g_return_val_if_fail (VALISE_IS_PAPER (self), FALSE);

  return self->data != NULL;
}

#define DEFINE_STRING(member)                                                                      \
  const char *valise_paper_get_##member (ValisePaper *self)                                        \
  {                                                                                                \
    g_return_val_if_fail (VALISE_IS_PAPER (self), NULL);                                           \
                                                                                                   \
    return self->data != NULL ? self->data->member : NULL;                                         \
  }

DEFINE_STRING (symbol)
DEFINE_STRING (title)
DEFINE_STRING (title_language)
DEFINE_STRING (kind)
DEFINE_STRING (date)
DEFINE_STRING (meeting)
DEFINE_STRING (item)
DEFINE_STRING (author)
DEFINE_STRING (state)
DEFINE_STRING (seal_key)
DEFINE_STRING (issued)
DEFINE_STRING (source)

#undef DEFINE_STRING

char *
valise_paper_dup_title_in (ValisePaper *self, const char *language)
{
  const ValiseJson *json = NULL;

  g_return_val_if_fail (VALISE_IS_PAPER (self), NULL);
  g_return_val_if_fail (language != NULL, NULL);

  json = self->data != NULL ? self->data->summary : NULL;

  return json != NULL ? valise_json_dup_member (json, valise_json_find (json, 0, "title"), language)
                      : NULL;
}

GListModel *
valise_paper_get_versions (ValisePaper *self)
{
  g_return_val_if_fail (VALISE_IS_PAPER (self), NULL);

  return G_LIST_MODEL (self->versions);
}

GListModel *
valise_paper_get_files (ValisePaper *self)
{
  g_return_val_if_fail (VALISE_IS_PAPER (self), NULL);

  return G_LIST_MODEL (self->files);
}

gboolean
valise_paper_get_unread (ValisePaper *self)
{
  g_return_val_if_fail (VALISE_IS_PAPER (self), FALSE);

  return self->unread;
}

const char *const *
valise_paper_get_references (ValisePaper *self)
{
  g_return_val_if_fail (VALISE_IS_PAPER (self), NULL);

  return self->data != NULL ? (const char *const *) self->data->references : NULL;
}

const char *const *
valise_paper_get_named_by (ValisePaper *self)
{
  g_return_val_if_fail (VALISE_IS_PAPER (self), NULL);

  return self->data != NULL ? (const char *const *) self->data->named_by : NULL;
}

gint64
valise_paper_get_issue (ValisePaper *self)
{
  g_return_val_if_fail (VALISE_IS_PAPER (self), 0);

  return self->data != NULL ? self->data->issue : 0;
}
