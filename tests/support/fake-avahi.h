/* fake-avahi.h - what of Avahi's D-Bus interface Valise asks, on a private bus
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Services live here for all who ask on that bus. Nothing goes out on any network. It answers on a
 * thread of its own, as a daemon does.
 */

#pragma once

#include <gio/gio.h>

typedef struct
{
  char     *path; /* of the group */
  char     *owner;
  char     *name;
  char     *host;
  char     *address;
  guint16   port;
  GVariant *text;
  gboolean  committed;
} FakeService;

typedef struct
{
  GSubprocess     *daemon;
  char            *address;
  GThread         *thread;
  GMainContext    *context;
  GMainLoop       *loop;
  GDBusConnection *bus;
  GDBusNodeInfo   *node;
  guint            own;
  GMutex           mutex;
  GCond            cond;
  gboolean         ready;
  GPtrArray       *services; /* (element-type FakeService) */
  GPtrArray       *browsers; /* paths */
  guint            made;
  guint            collisions; /* how many names are taken, of those that come */
} FakeAvahi;

static const char fake_avahi_xml[] =
    "<node><interface name='org.freedesktop.Avahi.Server'>"
    "<method name='EntryGroupNew'><arg type='o' direction='out'/></method>"
    "<method name='ServiceBrowserNew'><arg type='i' direction='in'/><arg type='i' direction='in'/>"
    "<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='u' direction='in'/>"
    "<arg type='o' direction='out'/></method>"
    "<method name='ResolveService'><arg type='i' direction='in'/><arg type='i' direction='in'/>"
    "<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/>"
    "<arg type='i' direction='in'/><arg type='u' direction='in'/>"
    "<arg type='i' direction='out'/><arg type='i' direction='out'/><arg type='s' direction='out'/>"
    "<arg type='s' direction='out'/><arg type='s' direction='out'/><arg type='s' direction='out'/>"
    "<arg type='i' direction='out'/><arg type='s' direction='out'/><arg type='q' direction='out'/>"
    "<arg type='aay' direction='out'/><arg type='u' direction='out'/></method>"
    "</interface><interface name='org.freedesktop.Avahi.EntryGroup'>"
    "<method name='AddAddress'><arg type='i' direction='in'/><arg type='i' direction='in'/>"
    "<arg type='u' direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/>"
    "</method><method name='AddService'><arg type='i' direction='in'/><arg type='i' "
    "direction='in'/><arg type='u' direction='in'/><arg type='s' direction='in'/><arg type='s' "
    "direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='q' "
    "direction='in'/><arg type='aay' direction='in'/></method>"
    "<method name='Commit'/><method name='Free'/></interface>"
    "<interface name='org.freedesktop.Avahi.ServiceBrowser'><method name='Free'/></interface>"
    "</node>";

static inline void
fake_service_free (gpointer data)
{
  FakeService *service = data;

  g_free (service->path);
  g_free (service->owner);
  g_free (service->name);
  g_free (service->host);
  g_free (service->address);
  g_clear_pointer (&service->text, g_variant_unref);
  g_free (service);
}

static inline void
fake_avahi_emit (FakeAvahi *self, const char *path, const char *signal, const char *name)
{
  g_dbus_connection_emit_signal (
      self->bus, NULL, path, "org.freedesktop.Avahi.ServiceBrowser", signal,
      g_variant_new ("(iisssu)", 2, 0, name, "_valise._tcp", "local", 0), NULL);
}

static inline void
fake_avahi_tell (FakeAvahi *self, const char *signal, const char *name)
{
  for (guint i = 0; i < self->browsers->len; i++)
    fake_avahi_emit (self, g_ptr_array_index (self->browsers, i), signal, name);
}

static inline FakeService *
fake_avahi_find (FakeAvahi *self, const char *path)
{
  for (guint i = 0; i < self->services->len; i++)
    if (g_str_equal (((FakeService *) g_ptr_array_index (self->services, i))->path, path))
      return g_ptr_array_index (self->services, i);
  return NULL;
}

static inline void
fake_avahi_drop (FakeAvahi *self, FakeService *service)
{
  if (service->committed)
    fake_avahi_tell (self, "ItemRemove", service->name);
  g_ptr_array_remove (self->services, service);
}

static inline void
fake_avahi_commit (FakeAvahi *self, FakeService *service)
{
  if (self->collisions > 0)
    {
      self->collisions--;
      g_dbus_connection_emit_signal (self->bus, NULL, service->path,
                                     "org.freedesktop.Avahi.EntryGroup", "StateChanged",
                                     g_variant_new ("(is)", 3, "collision"), NULL);
      return;
    }
  service->committed = TRUE;
  fake_avahi_tell (self, "ItemNew", service->name);
}

static inline void
fake_avahi_take (FakeAvahi *self, FakeService *service, const char *method, GVariant *parameters)
{
  if (g_str_equal (method, "AddAddress") && service->address == NULL)
    g_variant_get (parameters, "(iiuss)", NULL, NULL, NULL, NULL, &service->address);
  else if (g_str_equal (method, "AddService"))
    g_variant_get (parameters, "(iiussssq@aay)", NULL, NULL, NULL, &service->name, NULL, NULL,
                   &service->host, &service->port, &service->text);
  else if (g_str_equal (method, "Commit"))
    fake_avahi_commit (self, service);
  else if (g_str_equal (method, "Free"))
    fake_avahi_drop (self, service);
}

static inline GVariant *
fake_avahi_resolve (FakeAvahi *self, GVariant *parameters)
{
  const char *name = NULL;

  g_variant_get_child (parameters, 2, "&s", &name);
  for (guint i = 0; i < self->services->len; i++)
    {
      const FakeService *service = g_ptr_array_index (self->services, i);

      if (service->committed && g_str_equal (service->name, name))
        return g_variant_new ("(iissssisq@aayu)", 2, 0, name, "_valise._tcp", "local",
                              service->host, 0, service->address, service->port, service->text, 0);
    }
  return NULL;
}

static inline char *
fake_avahi_make_path (FakeAvahi *self)
{
  return g_strdup_printf ("/avahi/thing%u", self->made++);
}

static inline void
fake_avahi_serve (FakeAvahi             *self,
                  const char            *sender,
                  const char            *method,
                  GVariant              *parameters,
                  GDBusMethodInvocation *invocation)
{
  g_autofree char *path = fake_avahi_make_path (self);
  GVariant        *answer = NULL;

  if (g_str_equal (method, "EntryGroupNew"))
    {
      FakeService *service = g_new0 (FakeService, 1);

      service->path = g_strdup (path);
      service->owner = g_strdup (sender);
      g_ptr_array_add (self->services, service);
    }
  else if (g_str_equal (method, "ServiceBrowserNew"))
    {
      g_ptr_array_add (self->browsers, g_strdup (path));
      for (guint i = 0; i < self->services->len; i++) /* before its path is known, as Avahi does */
        if (((FakeService *) g_ptr_array_index (self->services, i))->committed)
          fake_avahi_emit (self, path, "ItemNew",
                           ((FakeService *) g_ptr_array_index (self->services, i))->name);
    }
  else
    {
      answer = fake_avahi_resolve (self, parameters);
      if (answer != NULL)
        g_dbus_method_invocation_return_value (invocation, answer);
      else
        g_dbus_method_invocation_return_dbus_error (
            invocation, "org.freedesktop.Avahi.TimeoutError", "Timeout reached");
      return;
    }
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", path));
}

static inline void
fake_avahi_call_cb (GDBusConnection       *bus,
                    const char            *sender,
                    const char            *path,
                    const char            *interface,
                    const char            *method,
                    GVariant              *parameters,
                    GDBusMethodInvocation *invocation,
                    gpointer               user_data)
{
  FakeAvahi   *self = user_data;
  FakeService *service = NULL;

  g_mutex_lock (&self->mutex);
  if (g_str_equal (path, "/"))
    fake_avahi_serve (self, sender, method, parameters, invocation);
  else
    {
      service = fake_avahi_find (self, path);
      if (service != NULL)
        fake_avahi_take (self, service, method, parameters);
      else if (g_str_equal (method, "Free"))
        g_ptr_array_remove_index (self->browsers, 0);
      g_dbus_method_invocation_return_value (invocation, NULL);
    }
  g_mutex_unlock (&self->mutex);
}

static const GDBusInterfaceVTable fake_avahi_vtable = { .method_call = fake_avahi_call_cb };

/* Any path below is a group or a browser: each is asked by its own interface. */
static inline char **
fake_avahi_enumerate (GDBusConnection *bus, const char *sender, const char *path, gpointer data)
{
  return g_new0 (char *, 1);
}

static inline GDBusInterfaceInfo **
fake_avahi_introspect (GDBusConnection *bus,
                       const char      *sender,
                       const char      *path,
                       const char      *node,
                       gpointer         user_data)
{
  FakeAvahi           *self = user_data;
  GDBusInterfaceInfo **list = g_new0 (GDBusInterfaceInfo *, 4);

  for (guint i = 0; i < 3; i++)
    list[i] = g_dbus_interface_info_ref (self->node->interfaces[i]);
  return list;
}

static inline const GDBusInterfaceVTable *
fake_avahi_dispatch (GDBusConnection *bus,
                     const char      *sender,
                     const char      *path,
                     const char      *interface,
                     const char      *node,
                     gpointer        *out_user_data,
                     gpointer         user_data)
{
  *out_user_data = user_data;
  return &fake_avahi_vtable;
}

static const GDBusSubtreeVTable fake_avahi_subtree = { fake_avahi_enumerate,
                                                       fake_avahi_introspect,
                                                       fake_avahi_dispatch,
                                                       { NULL } };

static inline void
fake_avahi_owned_cb (GDBusConnection *bus, const char *name, gpointer user_data)
{
  FakeAvahi *self = user_data;

  g_mutex_lock (&self->mutex);
  self->ready = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}

/* Who leaves the bus takes its services along. */
static inline void
fake_avahi_left_cb (GDBusConnection *bus,
                    const char      *sender,
                    const char      *path,
                    const char      *interface,
                    const char      *signal,
                    GVariant        *parameters,
                    gpointer         user_data)
{
  FakeAvahi  *self = user_data;
  const char *name = NULL, *owner = NULL;

  g_variant_get (parameters, "(&s&s&s)", &name, NULL, &owner);
  if (*owner != '\0')
    return;
  g_mutex_lock (&self->mutex);
  for (guint i = self->services->len; i-- > 0;)
    if (g_strcmp0 (((FakeService *) g_ptr_array_index (self->services, i))->owner, name) == 0)
      fake_avahi_drop (self, g_ptr_array_index (self->services, i));
  g_mutex_unlock (&self->mutex);
}

static inline gpointer
fake_avahi_thread (gpointer data)
{
  FakeAvahi *self = data;

  g_main_context_push_thread_default (self->context);
  self->bus =
      g_dbus_connection_new_for_address_sync (self->address,
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                  | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, NULL);
  g_assert_nonnull (self->bus);
  g_dbus_connection_register_object (self->bus, "/", self->node->interfaces[0], &fake_avahi_vtable,
                                     self, NULL, NULL);
  g_dbus_connection_register_subtree (self->bus, "/avahi", &fake_avahi_subtree,
                                      G_DBUS_SUBTREE_FLAGS_DISPATCH_TO_UNENUMERATED_NODES, self,
                                      NULL, NULL);
  self->own =
      g_bus_own_name_on_connection (self->bus, "org.freedesktop.Avahi", G_BUS_NAME_OWNER_FLAGS_NONE,
                                    fake_avahi_owned_cb, NULL, self, NULL);
  g_main_loop_run (self->loop);
  g_bus_unown_name (self->own);
  g_dbus_connection_close_sync (self->bus, NULL, NULL);
  g_clear_object (&self->bus);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

/* Comes to the bus, as a daemon that is started. */
static inline void
fake_avahi_come (FakeAvahi *self)
{
  self->ready = FALSE;
  self->services = g_ptr_array_new_with_free_func (fake_service_free);
  self->browsers = g_ptr_array_new_with_free_func (g_free);
  self->thread = g_thread_new ("fake-avahi", fake_avahi_thread, self);
  g_mutex_lock (&self->mutex);
  while (!self->ready)
    g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);
}

static inline void
fake_avahi_go (FakeAvahi *self)
{
  g_main_context_invoke (self->context, (GSourceFunc) (void (*) (void)) g_main_loop_quit,
                         self->loop);
  g_thread_join (self->thread);
  g_ptr_array_unref (self->services);
  g_ptr_array_unref (self->browsers);
}

/* Not GTestDBus, whose helper process is taken for a leak. */
static inline void
fake_avahi_start_bus (FakeAvahi *self)
{
  g_autoptr (GDataInputStream) out = NULL;
  g_autoptr (GError)           error = NULL;

  self->daemon =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error,
                        "dbus-daemon", "--session", "--nofork", "--print-address", NULL);
  g_assert_no_error (error);
  out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->daemon));
  self->address = g_data_input_stream_read_line_utf8 (out, NULL, NULL, &error);
  g_assert_no_error (error);
}

/* A bus of its own, which is the system's for this program. Before the first that asks for it. */
static inline void
fake_avahi_start (FakeAvahi *self, gboolean come)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->node = g_dbus_node_info_new_for_xml (fake_avahi_xml, NULL);
  g_assert_nonnull (self->node);
  fake_avahi_start_bus (self);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", self->address, TRUE);
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "disabled:", TRUE); /* no keyring */
  if (come)
    fake_avahi_come (self);
}

static inline guint
fake_avahi_count (FakeAvahi *self)
{
  guint count = 0;

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->services->len; i++)
    count += ((FakeService *) g_ptr_array_index (self->services, i))->committed ? 1 : 0;
  g_mutex_unlock (&self->mutex);
  return count;
}

/* All that a stranger hears, as one text. */
static inline char *
fake_avahi_overhear (FakeAvahi *self)
{
  GString *text = g_string_new (NULL);

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->services->len; i++)
    {
      const FakeService *service = g_ptr_array_index (self->services, i);

      if (!service->committed)
        continue;
      g_string_append_printf (text, "%s|%s|%s|%u", service->name, service->host, service->address,
                              (guint) service->port);
      for (gsize j = 0; j < g_variant_n_children (service->text); j++)
        {
          g_autoptr (GVariant) line = g_variant_get_child_value (service->text, j);
          gsize                length = 0;
          const char          *bytes = g_variant_get_fixed_array (line, &length, 1);

          g_string_append_printf (text, "|%.*s", (int) length, bytes);
        }
    }
  g_mutex_unlock (&self->mutex);
  return g_string_free (text, FALSE);
}

/* What a liar announces. @text: one line of the TXT record, or two with "|" between. */
static inline void
fake_avahi_lie (FakeAvahi  *self,
                const char *name,
                const char *address,
                guint16     port,
                const char *text)
{
  FakeService    *service = g_new0 (FakeService, 1);
  g_auto (GStrv)  lines = g_strsplit (text, "|", -1);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aay"));
  for (guint i = 0; lines[i] != NULL; i++)
    g_variant_builder_add_value (
        &builder, g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, lines[i], strlen (lines[i]), 1));
  g_mutex_lock (&self->mutex);
  service->path = fake_avahi_make_path (self);
  service->name = g_strdup (name);
  service->host = g_strdup ("liar.local");
  service->address = g_strdup (address);
  service->port = port;
  service->text = g_variant_ref_sink (g_variant_builder_end (&builder));
  g_ptr_array_add (self->services, service);
  service->committed = TRUE;
  fake_avahi_tell (self, "ItemNew", service->name);
  g_mutex_unlock (&self->mutex);
}

static inline void
fake_avahi_stop (FakeAvahi *self)
{
  if (self->services != NULL)
    fake_avahi_go (self);
  g_subprocess_force_exit (self->daemon);
  g_subprocess_wait (self->daemon, NULL, NULL);
  g_object_unref (self->daemon);
  g_free (self->address);
  g_dbus_node_info_unref (self->node);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
}
