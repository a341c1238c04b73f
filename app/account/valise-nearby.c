/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-nearby"

#include "config.h"

#include <string.h>

#include "valise-avahi-group.h"
#include "valise-cipher.h"
#include "valise-digest.h"
#include "valise-local-network.h"
#include "valise-nearby-laptop.h"

#define AVAHI       "org.freedesktop.Avahi"
#define SERVER      "org.freedesktop.Avahi.Server"
#define BROWSER     "org.freedesktop.Avahi.ServiceBrowser"
#define UNSPECIFIED (-1)
#define MAX_FOUND   64 /* of a crowd or a flood, the first */
#define ANSWER_MS   (10 * 1000)

/**
 * ValiseNearby:
 *
 * Follows the name of Avahi on the system's bus. Whenever it comes, what is looked for is looked
 * for anew, and what is announced announced again.
 */
struct _ValiseNearby
{
  GObject parent_instance;

  char            *key;
  GCancellable    *cancellable; /* of every call; until it is disposed of */
  GDBusConnection *bus;
  guint            watch;
  guint            signals;
  gboolean         started;
  gboolean         available;
  char            *browser; /* object path */
  GHashTable *found; /* "INTERFACE/PROTOCOL/NAME" → ValiseNearbyLaptop, or NULL: unresolved */

  ValiseAvahiGroup *group; /* what is announced, or NULL */
  char             *own_name;
  char            **addresses; /* what is to be announced, or NULL */
  guint16           port;
  guint             hush_id;
};

G_DEFINE_FINAL_TYPE (ValiseNearby, valise_nearby, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
tell (ValiseNearby *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* --- finding --------------------------------------------------------------------------------- */

static char *
make_place (int interface, int protocol, const char *name)
{
  return g_strdup_printf ("%d/%d/%s", interface, protocol, name);
}

/* Off the local network leads none, nor to this laptop, but where it announces itself so. */
static gboolean
is_near (ValiseNearby *self, const char *address)
{
  return valise_local_network_has (address)
         || (self->addresses != NULL
             && g_strv_contains ((const char *const *) self->addresses, address));
}

typedef struct
{
  ValiseNearby *self;
  char         *place;
} Question;

static void
resolved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Question            *question = user_data;
  ValiseNearby        *self = question->self;
  g_autoptr (GError)   error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autofree char    *address = NULL;
  ValiseNearbyLaptop *laptop = NULL;

  if (answer != NULL)
    laptop = valise_nearby_laptop_read (answer, &address);
  else
    g_debug ("%s: %s", question->place, error->message);
  /* It may be gone meanwhile. */
  if (laptop != NULL && is_near (self, address)
      && g_hash_table_contains (self->found, question->place))
    {
      g_hash_table_insert (self->found, g_steal_pointer (&question->place),
                           g_steal_pointer (&laptop));
      tell (self);
    }
  valise_nearby_laptop_free (laptop);
  g_free (question->place);
  g_object_unref (question->self);
  g_free (question);
}

static void
resolve (ValiseNearby *self, GVariant *item)
{
  g_autofree char *place = NULL;
  const char      *name = NULL, *type = NULL, *domain = NULL;
  int              interface = 0, protocol = 0;
  Question        *question = NULL;

  g_variant_get (item, "(ii&s&s&su)", &interface, &protocol, &name, &type, &domain, NULL);
  place = make_place (interface, protocol, name);
  if (g_hash_table_size (self->found) >= MAX_FOUND || g_hash_table_contains (self->found, place))
    return;
  g_hash_table_insert (self->found, g_strdup (place), NULL);
  question = g_new0 (Question, 1);
  question->self = g_object_ref (self);
  question->place = g_steal_pointer (&place);
  g_dbus_connection_call (
      self->bus, AVAHI, "/", SERVER, "ResolveService",
      g_variant_new ("(iisssiu)", interface, protocol, name, type, domain, protocol, 0),
      G_VARIANT_TYPE ("(iissssisqaayu)"), G_DBUS_CALL_FLAGS_NONE, ANSWER_MS, self->cancellable,
      resolved_cb, question);
}

static void
forget (ValiseNearby *self, GVariant *item)
{
  g_autofree char *place = NULL;
  const char      *name = NULL;
  int              interface = 0, protocol = 0;

  g_variant_get (item, "(ii&s&s&su)", &interface, &protocol, &name, NULL, NULL, NULL);
  place = make_place (interface, protocol, name);
  if (g_hash_table_remove (self->found, place))
    tell (self);
}

/* Subscribed before a browser is asked for, as its first items come before its path is known. */
static void
browser_cb (GDBusConnection *bus,
            const char      *sender,
            const char      *path,
            const char      *interface,
            const char      *signal,
            GVariant        *parameters,
            gpointer         user_data)
{
  ValiseNearby *self = user_data;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(iisssu)")))
    return;
  if (g_str_equal (signal, "ItemNew"))
    resolve (self, parameters);
  else if (g_str_equal (signal, "ItemRemove"))
    forget (self, parameters);
}

static void
browsed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ValiseNearby) self = user_data;
  g_autoptr (GError)       error = NULL;
  g_autoptr (GVariant)     answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (answer == NULL)
    {
      g_debug ("Looking for others: %s", error->message);
      return;
    }
  g_free (self->browser);
  g_variant_get (answer, "(o)", &self->browser);
}

static void
browse (ValiseNearby *self)
{
  g_dbus_connection_call (
      self->bus, AVAHI, "/", SERVER, "ServiceBrowserNew",
      g_variant_new ("(iissu)", UNSPECIFIED, UNSPECIFIED, VALISE_NEARBY_SERVICE, "", 0),
      G_VARIANT_TYPE ("(o)"), G_DBUS_CALL_FLAGS_NONE, ANSWER_MS, self->cancellable, browsed_cb,
      g_object_ref (self));
}

/* --- announcing ------------------------------------------------------------------------------ */

static void announce_now (ValiseNearby *self);

/* Somebody has that name already: another is made up. */
static void
taken_cb (gpointer user_data)
{
  announce_now (user_data);
}

static void
announce_now (ValiseNearby *self)
{
  guint8           bytes[VALISE_NEARBY_NONCE];
  g_autofree char *nonce = NULL, *tag = NULL, *name = NULL, *host = NULL, *n = NULL, *t = NULL;

  g_clear_pointer (&self->group, valise_avahi_group_free);
  g_clear_pointer (&self->own_name, g_free);
  if (!self->available || self->addresses == NULL)
    return;
  valise_secret_make (bytes, sizeof bytes);
  nonce = valise_hex_encode (bytes, sizeof bytes);
  tag = valise_nearby_laptop_make_tag (self->key, nonce);
  self->own_name = g_ascii_strup (nonce + 2 * VALISE_NEARBY_NONCE - 4, 4);
  name = g_strconcat ("Valise ", self->own_name, NULL);
  /* A host of its own: the laptop's may be called after its owner. */
  host = g_strdup_printf ("valise-%s.local", nonce);
  n = g_strconcat ("n=", nonce, NULL);
  t = g_strconcat ("t=", tag, NULL);
  self->group = valise_avahi_group_new (
      self->bus,
      &(ValiseAvahiService){ .name = name,
                             .type = VALISE_NEARBY_SERVICE,
                             .host = host,
                             .addresses = (const char *const *) self->addresses,
                             .port = self->port,
                             .text = (const char *const[]){ n, t, NULL } },
      taken_cb, self);
}

static gboolean
hush_cb (gpointer user_data)
{
  ValiseNearby *self = user_data;

  self->hush_id = 0;
  valise_nearby_hush (self);
  return G_SOURCE_REMOVE;
}

void
valise_nearby_announce (ValiseNearby *self, const char *const *addresses, guint16 port)
{
  g_return_if_fail (VALISE_IS_NEARBY (self) && addresses != NULL);

  g_clear_handle_id (&self->hush_id, g_source_remove);
  self->hush_id = g_timeout_add_seconds (VALISE_NEARBY_ANNOUNCE_S, hush_cb, self);
  if (self->group != NULL && self->port == port
      && g_strv_equal ((const char *const *) self->addresses, addresses))
    return;
  g_strfreev (self->addresses);
  self->addresses = g_strdupv ((char **) addresses);
  self->port = port;
  announce_now (self);
  tell (self);
}

void
valise_nearby_hush (ValiseNearby *self)
{
  g_return_if_fail (VALISE_IS_NEARBY (self));

  g_clear_handle_id (&self->hush_id, g_source_remove);
  if (self->addresses == NULL)
    return;
  g_clear_pointer (&self->addresses, g_strfreev);
  announce_now (self);
  tell (self);
}

/* --- Avahi comes and goes -------------------------------------------------------------------- */

static void
appeared_cb (GDBusConnection *bus, const char *name, const char *owner, gpointer user_data)
{
  ValiseNearby *self = user_data;

  self->available = TRUE;
  browse (self);
  announce_now (self);
  tell (self);
}

static void
vanished_cb (GDBusConnection *bus, const char *name, gpointer user_data)
{
  ValiseNearby *self = user_data;

  self->available = FALSE;
  g_clear_pointer (&self->browser, g_free);
  g_hash_table_remove_all (self->found);
  announce_now (self);
  tell (self);
}

static void
bus_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ValiseNearby)    self = user_data;
  g_autoptr (GError)          error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);

  if (bus == NULL)
    {
      g_debug ("No bus: %s", error->message);
      return;
    }
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  self->bus = g_object_ref (bus);
  g_dbus_connection_set_exit_on_close (bus, FALSE); /* a window outlives the bus */
  self->signals = g_dbus_connection_signal_subscribe (
      bus, AVAHI, BROWSER, NULL, NULL, NULL, G_DBUS_SIGNAL_FLAGS_NONE, browser_cb, self, NULL);
  self->watch = g_bus_watch_name_on_connection (bus, AVAHI, G_BUS_NAME_WATCHER_FLAGS_AUTO_START,
                                                appeared_cb, vanished_cb, self, NULL);
}

void
valise_nearby_start (ValiseNearby *self)
{
  g_return_if_fail (VALISE_IS_NEARBY (self));

  if (self->started)
    return;
  self->started = TRUE;
  g_bus_get (G_BUS_TYPE_SYSTEM, self->cancellable, bus_cb, g_object_ref (self));
}

/* --- the object ------------------------------------------------------------------------------ */

static void
valise_nearby_dispose (GObject *object)
{
  ValiseNearby *self = VALISE_NEARBY (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->hush_id, g_source_remove);
  g_clear_handle_id (&self->watch, g_bus_unwatch_name);
  g_clear_pointer (&self->group, valise_avahi_group_free);
  if (self->signals != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->signals);
  self->signals = 0;
  if (self->browser != NULL)
    g_dbus_connection_call (self->bus, AVAHI, self->browser, BROWSER, "Free", NULL, NULL,
                            G_DBUS_CALL_FLAGS_NO_AUTO_START, ANSWER_MS, NULL, NULL, NULL);
  g_clear_pointer (&self->browser, g_free);
  g_clear_object (&self->bus);

  G_OBJECT_CLASS (valise_nearby_parent_class)->dispose (object);
}

static void
valise_nearby_finalize (GObject *object)
{
  ValiseNearby *self = VALISE_NEARBY (object);

  g_object_unref (self->cancellable);
  g_hash_table_unref (self->found);
  g_strfreev (self->addresses);
  g_free (self->own_name);
  g_free (self->key);

  G_OBJECT_CLASS (valise_nearby_parent_class)->finalize (object);
}

static void
valise_nearby_class_init (ValiseNearbyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = valise_nearby_dispose;
  object_class->finalize = valise_nearby_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
valise_nearby_init (ValiseNearby *self)
{
  self->cancellable = g_cancellable_new ();
  self->found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, valise_nearby_laptop_free);
}

ValiseNearby *
valise_nearby_new (const char *key)
{
  ValiseNearby *self = g_object_new (VALISE_TYPE_NEARBY, NULL);

  self->key = g_strdup (key);
  return self;
}

gboolean
valise_nearby_is_available (ValiseNearby *self)
{
  return self->available;
}

const char *
valise_nearby_get_name (ValiseNearby *self)
{
  return self->own_name;
}

static gboolean
has_name (gconstpointer laptop, gconstpointer name)
{
  return g_str_equal (((const ValiseNearbyLaptop *) laptop)->name, name);
}

GPtrArray *
valise_nearby_list (ValiseNearby *self)
{
  GPtrArray     *list = g_ptr_array_new_with_free_func (valise_nearby_laptop_free);
  GHashTableIter iter;
  gpointer       value = NULL;

  g_return_val_if_fail (VALISE_IS_NEARBY (self), list);

  g_hash_table_iter_init (&iter, self->found);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const ValiseNearbyLaptop *laptop = value;

      if (laptop != NULL && !valise_nearby_laptop_has_key (laptop, self->key)
          && !g_ptr_array_find_with_equal_func (list, laptop->name, has_name, NULL))
        g_ptr_array_add (list, valise_nearby_laptop_copy (laptop));
    }
  return list;
}
