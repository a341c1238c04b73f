/* made-up-monitor.h - a network that is metered when a test says so
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#define MADE_UP_TYPE_MONITOR (made_up_monitor_get_type ())
G_DECLARE_FINAL_TYPE (MadeUpMonitor, made_up_monitor, MADE_UP, MONITOR, GObject)

struct _MadeUpMonitor
{
  GObject  parent_instance;
  gboolean metered;
};

static void
made_up_monitor_init_monitor (GNetworkMonitorInterface *iface)
{
}

static gboolean
made_up_monitor_init_initable (GInitable *initable, GCancellable *cancellable, GError **error)
{
  return TRUE;
}

static void
made_up_monitor_init_initable_iface (GInitableIface *iface)
{
  iface->init = made_up_monitor_init_initable;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (MadeUpMonitor,
                               made_up_monitor,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_INITABLE,
                                                      made_up_monitor_init_initable_iface)
                                   G_IMPLEMENT_INTERFACE (G_TYPE_NETWORK_MONITOR,
                                                          made_up_monitor_init_monitor))

enum
{
  MADE_UP_AVAILABLE = 1,
  MADE_UP_METERED,
  MADE_UP_CONNECTIVITY,
};

static void
made_up_monitor_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == MADE_UP_METERED)
    g_value_set_boolean (value, MADE_UP_MONITOR (object)->metered);
  else if (id == MADE_UP_AVAILABLE)
    g_value_set_boolean (value, TRUE);
  else
    g_value_set_enum (value, G_NETWORK_CONNECTIVITY_FULL);
}

static void
made_up_monitor_class_init (MadeUpMonitorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = made_up_monitor_get_property;
  g_object_class_override_property (object_class, MADE_UP_AVAILABLE, "network-available");
  g_object_class_override_property (object_class, MADE_UP_METERED, "network-metered");
  g_object_class_override_property (object_class, MADE_UP_CONNECTIVITY, "connectivity");
}

static void
made_up_monitor_init (MadeUpMonitor *self)
{
}

static inline void
made_up_monitor_set_metered (MadeUpMonitor *self, gboolean metered)
{
  self->metered = metered;
  g_object_notify (G_OBJECT (self), "network-metered");
}
