/* valise-vicinity-host.c - what this laptop serves, where, and while it may
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-vicinity"

#include "config.h"

#include "valise-local-network.h"
#include "valise-vicinity-parts.h"

#define LOOK_S 30  /* between two looks at the policy's hours and at the network */
#define DOOR_S 600 /* as the server's door, after which it is closed anyway */

/* --- what should be -------------------------------------------------------------------------- */

static gboolean
is_shared (ValiseVicinity *self)
{
  return valise_vicinity_get_sharing (self) && valise_vicinity_may (self);
}

static gboolean
is_wanted (ValiseVicinity *self)
{
  return self->started && !self->stopped && (self->door || is_shared (self));
}

static void
say_state (ValiseVicinity *self, ValiseSharing otherwise)
{
  if (!valise_vicinity_get_sharing (self))
    self->state = VALISE_SHARING_OFF;
  else if (!valise_vicinity_may (self))
    self->state = VALISE_SHARING_POLICY;
  else
    self->state = self->host != NULL ? VALISE_SHARING_ON : otherwise;
}

/* "192.168.1.7", or "192.168.1.7:40123" where it is not the port that a laptop is called at. */
static char *
make_address (const char *host, guint16 port)
{
  g_autoptr (GInetAddress) parsed = g_inet_address_new_from_string (host);
  gboolean six = parsed != NULL && g_inet_address_get_family (parsed) == G_SOCKET_FAMILY_IPV6;

  if (port == VALISE_COLLEAGUE_PORT)
    return g_strdup (host);
  return g_strdup_printf (six ? "[%s]:%u" : "%s:%u", host, (guint) port);
}

void
valise_vicinity_announce (ValiseVicinity *self)
{
  if (self->nearby == NULL)
    return;
  if (self->host != NULL)
    valise_nearby_announce (self->nearby, (const char *const *) self->addresses,
                            self->kind->get_port (self->host));
  else
    valise_nearby_hush (self->nearby);
}

static void
nearby_changed_cb (ValiseVicinity *self)
{
  valise_vicinity_note_nearby (self);
  valise_vicinity_tell (self);
}

/* Only once something is to be shared or paired: until then, nothing here looks at the network. */
static void
start_nearby (ValiseVicinity *self, const char *key)
{
  if (self->nearby != NULL || key == NULL)
    return;
  self->nearby = valise_nearby_new (key);
  g_signal_connect_object (self->nearby, "changed", G_CALLBACK (nearby_changed_cb), self,
                           G_CONNECT_SWAPPED);
  valise_nearby_start (self->nearby);
}

/* --- starting and stopping the host ---------------------------------------------------------- */

typedef struct
{
  ValiseHost *host; /* to be stopped, or NULL */
  char      **addresses;
  gboolean    start;
} Change;

static void
free_change (gpointer data)
{
  Change *change = data;

  g_strfreev (change->addresses);
  g_free (change);
}

/* What it makes is left where valise_vicinity_stop() finds it, which waits for this thread. */
static void
change_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  ValiseVicinity    *self = source;
  Change            *change = task_data;
  g_autoptr (GError) error = NULL;

  if (change->host != NULL)
    self->kind->stop (g_steal_pointer (&change->host));
  if (change->start && !g_cancellable_is_cancelled (cancellable))
    self->made = self->kind->start (self->account, (const char *const *) change->addresses,
                                    &valise_vicinity_listener, self, &error);
  if (error != NULL)
    g_message ("Not listening for colleagues: %s", error->message);
  g_task_return_pointer (task, g_steal_pointer (&change->addresses), (GDestroyNotify) g_strfreev);
}

static void
changed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ValiseVicinity *self = VALISE_VICINITY (source);
  char          **addresses = g_task_propagate_pointer (G_TASK (result), NULL);

  self->host_busy = FALSE;
  g_strfreev (self->addresses);
  self->addresses = addresses;
  g_clear_pointer (&self->address, g_free);
  if (self->stopped)
    return;
  self->host = g_steal_pointer (&self->made);
  if (self->host != NULL)
    {
      self->address = make_address (self->addresses[0], self->kind->get_port (self->host));
      self->kind->share (self->host, is_shared (self));
      if (self->door)
        self->kind->set_door (self->host, TRUE);
    }
  say_state (self, self->host_tried ? VALISE_SHARING_FAILED : VALISE_SHARING_NETWORK);
  valise_vicinity_announce (self);
  valise_vicinity_tell (self);
  if (self->host_again || (!self->host_tried && is_wanted (self) && addresses[0] != NULL))
    valise_vicinity_update_host (self);
}

/* @addresses: taken over. */
static void
change_host (ValiseVicinity *self, char **addresses)
{
  Change *change = g_new0 (Change, 1);

  change->host = g_steal_pointer (&self->host);
  change->start = is_wanted (self) && addresses[0] != NULL;
  change->addresses = addresses;
  self->host_tried = change->start;
  self->host_busy = TRUE;
  self->host_renew = FALSE;
  say_state (self, VALISE_SHARING_STARTING);
  valise_vicinity_run (self, change_in_thread, change, free_change, self->cancellable, changed_cb,
                       NULL);
}

/* --- looking --------------------------------------------------------------------------------- */

typedef struct
{
  char **addresses;
  char  *key; /* this laptop's */
} Look;

static void
free_look (gpointer data)
{
  Look *look = data;

  g_strfreev (look->addresses);
  g_free (look->key);
  g_free (look);
}

/* @task_data: not NULL where this laptop's key is known already: a keyring is asked once. */
static void
look_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  ValiseVicinity       *self = source;
  Look                 *look = g_new0 (Look, 1);
  g_autoptr (GError)    error = NULL;
  g_autoptr (ValiseKey) device = NULL;
  gboolean              known = task_data != NULL;

  look->addresses = self->given != NULL ? g_strdupv (self->given) : valise_local_network_list ();
  if (!known)
    device = valise_account_dup_device_key (self->account, &error);
  if (device != NULL)
    look->key = g_strdup (valise_key_get_public (device));
  else if (!known)
    g_message ("No device key: %s", error->message);
  g_task_return_pointer (task, look, free_look);
}

static gboolean
look_again_cb (gpointer user_data)
{
  ValiseVicinity *self = user_data;

  self->look_id = 0;
  valise_vicinity_update_host (self);
  return G_SOURCE_REMOVE;
}

/* Changes what is not as it should be. */
static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ValiseVicinity *self = VALISE_VICINITY (source);
  Look           *look = g_task_propagate_pointer (G_TASK (result), NULL);
  gboolean        wanted = FALSE, as_is = FALSE;

  self->host_busy = FALSE;
  self->may = valise_vicinity_may (self);
  wanted = is_wanted (self);
  as_is = self->host != NULL ? wanted && !self->host_renew
                                   && g_strv_equal ((const char *const *) self->addresses,
                                                    (const char *const *) look->addresses)
                             : !wanted || look->addresses[0] == NULL;
  if (!self->stopped)
    {
      start_nearby (self, look->key);
      if (self->look_id == 0 && (self->door || valise_vicinity_get_sharing (self)))
        self->look_id = g_timeout_add_seconds (LOOK_S, look_again_cb, self);
    }
  if (self->stopped || as_is)
    {
      if (self->host != NULL && !self->stopped)
        self->kind->share (self->host, is_shared (self));
      say_state (self, VALISE_SHARING_NETWORK);
      if (!self->stopped)
        valise_vicinity_tell (self);
    }
  else
    change_host (self, g_steal_pointer (&look->addresses));
  free_look (look);
}

void
valise_vicinity_update_host (ValiseVicinity *self)
{
  self->host_again = self->host_busy;
  if (self->host_busy || !self->started || self->stopped)
    return;
  self->host_busy = TRUE;
  if (self->host == NULL)
    say_state (self, VALISE_SHARING_STARTING);
  valise_vicinity_run (self, look_in_thread, self->nearby, NULL, self->cancellable, looked_cb,
                       NULL);
}

void
valise_vicinity_renew_host (ValiseVicinity *self)
{
  if (self->host == NULL && !self->host_busy)
    return;
  self->host_renew = TRUE;
  valise_vicinity_update_host (self);
}

/* --- the door -------------------------------------------------------------------------------- */

static gboolean
door_cb (gpointer user_data)
{
  ValiseVicinity *self = user_data;

  self->door_id = 0;
  valise_vicinity_set_door (self, FALSE);
  return G_SOURCE_REMOVE;
}

void
valise_vicinity_set_door (ValiseVicinity *self, gboolean open)
{
  g_return_if_fail (VALISE_IS_VICINITY (self));

  if (self->stopped)
    return;
  g_clear_handle_id (&self->door_id, g_source_remove);
  if (open)
    self->door_id = g_timeout_add_seconds (DOOR_S, door_cb, self);
  if (open || self->door)
    {
      if (self->host != NULL)
        self->kind->set_door (self->host, open);
    }
  self->door = open;
  if (open)
    valise_vicinity_announce (self);
  valise_vicinity_update_host (self);
  valise_vicinity_tell (self);
}

ValiseSharing
valise_vicinity_get_state (ValiseVicinity *self)
{
  return self->state;
}

const char *
valise_vicinity_get_address (ValiseVicinity *self)
{
  return self->host != NULL ? self->address : NULL;
}

gboolean
valise_vicinity_can_see (ValiseVicinity *self)
{
  return self->nearby != NULL && valise_nearby_is_available (self->nearby);
}

const char *
valise_vicinity_get_name (ValiseVicinity *self)
{
  return self->nearby != NULL ? valise_nearby_get_name (self->nearby) : NULL;
}
