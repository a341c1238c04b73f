/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-nearby"

#include "config.h"

#include <string.h>

#include "valise-avahi-group.h"

#define AVAHI       "org.freedesktop.Avahi"
#define GROUP       "org.freedesktop.Avahi.EntryGroup"
#define UNSPECIFIED (-1)
#define NO_REVERSE  16 /* AVAHI_PUBLISH_NO_REVERSE: the address keeps the name that it has */
#define COLLISION   3  /* AVAHI_ENTRY_GROUP_COLLISION */
#define ANSWER_MS   (10 * 1000)

struct _ValiseAvahiGroup
{
  GDBusConnection *bus;
  GCancellable    *cancellable;
  GPtrArray       *calls; /* (element-type Call) to be made once there is a group */
  char            *path;  /* or NULL: not yet */
  guint            signals;
  void (*taken) (gpointer user_data);
  gpointer user_data;
};

typedef struct
{
  const char *method;
  GVariant   *parameters;
} Call;

static void
free_call (gpointer data)
{
  Call *call = data;

  if (call->parameters != NULL)
    g_variant_unref (call->parameters);
  g_free (call);
}

static void
plan (ValiseAvahiGroup *self, const char *method, GVariant *parameters)
{
  Call *call = g_new0 (Call, 1);

  call->method = method;
  call->parameters = parameters != NULL ? g_variant_ref_sink (parameters) : NULL;
  g_ptr_array_add (self->calls, call);
}

static GVariant *
make_text (const char *const *lines)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aay"));
  for (guint i = 0; lines[i] != NULL; i++)
    g_variant_builder_add_value (
        &builder, g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, lines[i], strlen (lines[i]), 1));
  return g_variant_builder_end (&builder);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError)   error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (answer == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_message ("Not announced on the local network: %s", error->message);
}

static void
group_cb (GDBusConnection *bus,
          const char      *sender,
          const char      *path,
          const char      *interface,
          const char      *signal,
          GVariant        *parameters,
          gpointer         user_data)
{
  ValiseAvahiGroup *self = user_data;
  int               state = 0;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(is)")))
    return;
  g_variant_get (parameters, "(i&s)", &state, NULL);
  if (state == COLLISION)
    self->taken (self->user_data);
}

/* The calls go out in their order, and Avahi takes them so. The group may have been given up
 * while it was made: then nobody would take it back, but the end of this program. */
static void
made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GDBusConnection     *bus = G_DBUS_CONNECTION (source);
  g_autoptr (GError)   error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (bus, result, &error);
  ValiseAvahiGroup    *self = user_data;

  if (answer == NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (answer == NULL)
    {
      g_message ("Not announced on the local network: %s", error->message);
      return;
    }
  g_variant_get (answer, "(o)", &self->path);
  self->signals =
      g_dbus_connection_signal_subscribe (bus, AVAHI, GROUP, "StateChanged", self->path, NULL,
                                          G_DBUS_SIGNAL_FLAGS_NONE, group_cb, self, NULL);
  for (guint i = 0; i < self->calls->len; i++)
    {
      const Call *call = g_ptr_array_index (self->calls, i);

      g_dbus_connection_call (bus, AVAHI, self->path, GROUP, call->method, call->parameters, NULL,
                              G_DBUS_CALL_FLAGS_NONE, ANSWER_MS, self->cancellable, answered_cb,
                              NULL);
    }
}

ValiseAvahiGroup *
valise_avahi_group_new (GDBusConnection          *bus,
                        const ValiseAvahiService *service,
                        void (*taken) (gpointer user_data),
                        gpointer user_data)
{
  ValiseAvahiGroup *self = g_new0 (ValiseAvahiGroup, 1);

  self->bus = g_object_ref (bus);
  self->cancellable = g_cancellable_new ();
  self->calls = g_ptr_array_new_with_free_func (free_call);
  self->taken = taken;
  self->user_data = user_data;
  for (guint i = 0; service->addresses[i] != NULL; i++)
    plan (self, "AddAddress",
          g_variant_new ("(iiuss)", UNSPECIFIED, UNSPECIFIED, NO_REVERSE, service->host,
                         service->addresses[i]));
  plan (self, "AddService",
        g_variant_new ("(iiussssq@aay)", UNSPECIFIED, UNSPECIFIED, 0, service->name, service->type,
                       "", service->host, service->port, make_text (service->text)));
  plan (self, "Commit", NULL);
  g_dbus_connection_call (bus, AVAHI, "/", "org.freedesktop.Avahi.Server", "EntryGroupNew", NULL,
                          G_VARIANT_TYPE ("(o)"), G_DBUS_CALL_FLAGS_NONE, ANSWER_MS,
                          self->cancellable, made_cb, self);
  return self;
}

/* Holds the connection until the call has gone out; where Avahi is gone, there is nothing to free.
 */
static void
freed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
}

void
valise_avahi_group_free (ValiseAvahiGroup *self)
{
  g_cancellable_cancel (self->cancellable);
  if (self->signals != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->signals);
  if (self->path != NULL)
    g_dbus_connection_call (self->bus, AVAHI, self->path, GROUP, "Free", NULL, NULL,
                            G_DBUS_CALL_FLAGS_NO_AUTO_START, ANSWER_MS, NULL, freed_cb, NULL);
  g_ptr_array_unref (self->calls);
  g_object_unref (self->cancellable);
  g_object_unref (self->bus);
  g_free (self->path);
  g_free (self);
}
