/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-file-item"

#include "config.h"

#include "valise-file-queue-parts.h"

struct _ValiseFileItem
{
  GObject parent_instance;

  char    *sha256;
  char    *database;
  char    *name;
  char    *symbol;
  char    *meeting;
  char    *language;
  gint64   length;
  gboolean outgoing;

  gint64           present;
  ValiseFileState  state;
  ValiseFileReason reason;
  char            *problem;
};

G_DEFINE_FINAL_TYPE (ValiseFileItem, valise_file_item, G_TYPE_OBJECT)

enum
{
  PROP_PRESENT = 1,
  PROP_STATE,
  PROP_REASON,
  PROP_PROBLEM,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
valise_file_item_finalize (GObject *object)
{
  ValiseFileItem *self = VALISE_FILE_ITEM (object);

  g_free (self->sha256);
  g_free (self->database);
  g_free (self->name);
  g_free (self->symbol);
  g_free (self->meeting);
  g_free (self->language);
  g_free (self->problem);

  G_OBJECT_CLASS (valise_file_item_parent_class)->finalize (object);
}

static void
valise_file_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ValiseFileItem *self = VALISE_FILE_ITEM (object);

  switch (id)
    {
    case PROP_PRESENT:
      g_value_set_int64 (value, self->present);
      break;
    case PROP_STATE:
      g_value_set_int (value, (int) self->state);
      break;
    case PROP_REASON:
      g_value_set_int (value, (int) self->reason);
      break;
    case PROP_PROBLEM:
      g_value_set_string (value, self->problem);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
valise_file_item_class_init (ValiseFileItemClass *klass)
{
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = valise_file_item_finalize;
  object_class->get_property = valise_file_item_get_property;

  properties[PROP_PRESENT] = g_param_spec_int64 ("present", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, VALISE_FILE_EVICTED, 0, flags);
  properties[PROP_REASON] =
      g_param_spec_int ("reason", NULL, NULL, 0, VALISE_FILE_PROBLEM, 0, flags);
  properties[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
valise_file_item_init (ValiseFileItem *self)
{
}

ValiseFileState
valise_file_wish_get_state (const ValiseFileWish *wish)
{
  if (wish->complete)
    return VALISE_FILE_PRESENT;
  if (wish->present > 0)
    return VALISE_FILE_PARTIAL;
  if (wish->stage != VALISE_WISH_NOT_NOW)
    return VALISE_FILE_WANTED;
  return wish->evicted ? VALISE_FILE_EVICTED : VALISE_FILE_KNOWN;
}

ValiseFileItem *
valise_file_item_new (const ValiseFileWish *wish, gboolean outgoing)
{
  ValiseFileItem *self = g_object_new (VALISE_TYPE_FILE_ITEM, NULL);

  self->sha256 = g_strdup (wish->sha256);
  self->database = g_strdup (wish->database);
  self->name = g_strdup (wish->name);
  self->symbol = g_strdup (wish->symbol);
  self->meeting = g_strdup (wish->meeting);
  self->language = g_strdup (wish->language);
  self->length = wish->length;
  self->outgoing = outgoing;
  return self;
}

/* Of a file that goes out, how much is there is known while it moves alone. */
void
valise_file_item_take (ValiseFileItem *self, const ValiseFileWish *wish, ValiseFileReason reason)
{
  ValiseFileState state = self->outgoing ? VALISE_FILE_PRESENT : valise_file_wish_get_state (wish);

  g_object_freeze_notify (G_OBJECT (self));
  if (!self->outgoing)
    valise_file_item_set_present (self, wish->present);
  if (self->state != state)
    {
      self->state = state;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    }
  if (self->reason != reason)
    {
      self->reason = reason;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REASON]);
    }
  if (g_strcmp0 (self->problem, wish->problem) != 0)
    {
      g_free (self->problem);
      self->problem = g_strdup (wish->problem);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

void
valise_file_item_set_present (ValiseFileItem *self, gint64 present)
{
  if (self->present == present)
    return;

  self->present = present;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PRESENT]);
}

const char *
valise_file_item_get_sha256 (ValiseFileItem *self)
{
  g_return_val_if_fail (VALISE_IS_FILE_ITEM (self), NULL);

  return self->sha256;
}

const char *
valise_file_item_get_database (ValiseFileItem *self)
{
  g_return_val_if_fail (VALISE_IS_FILE_ITEM (self), NULL);

  return self->database;
}

const char *
valise_file_item_get_name (ValiseFileItem *self)
{
  g_return_val_if_fail (VALISE_IS_FILE_ITEM (self), NULL);

  return self->name;
}

const char *
valise_file_item_get_symbol (ValiseFileItem *self)
{
  g_return_val_if_fail (VALISE_IS_FILE_ITEM (self), NULL);

  return self->symbol;
}

const char *
valise_file_item_get_meeting (ValiseFileItem *self)
{
  g_return_val_if_fail (VALISE_IS_FILE_ITEM (self), NULL);

  return self->meeting;
}

const char *
valise_file_item_get_language (ValiseFileItem *self)
{
  g_return_val_if_fail (VALISE_IS_FILE_ITEM (self), NULL);

  return self->language;
}

gint64
valise_file_item_get_length (ValiseFileItem *self)
{
  g_return_val_if_fail (VALISE_IS_FILE_ITEM (self), 0);

  return self->length;
}

gint64
valise_file_item_get_present (ValiseFileItem *self)
{
  g_return_val_if_fail (VALISE_IS_FILE_ITEM (self), 0);

  return self->present;
}

gboolean
valise_file_item_is_outgoing (ValiseFileItem *self)
{
  g_return_val_if_fail (VALISE_IS_FILE_ITEM (self), FALSE);

  return self->outgoing;
}

ValiseFileState
valise_file_item_get_state (ValiseFileItem *self)
{
  g_return_val_if_fail (VALISE_IS_FILE_ITEM (self), VALISE_FILE_KNOWN);

  return self->state;
}

ValiseFileReason
valise_file_item_get_reason (ValiseFileItem *self)
{
  g_return_val_if_fail (VALISE_IS_FILE_ITEM (self), VALISE_FILE_NOT_ASKED);

  return self->reason;
}

const char *
valise_file_item_get_problem (ValiseFileItem *self)
{
  g_return_val_if_fail (VALISE_IS_FILE_ITEM (self), NULL);

  return self->problem;
}
