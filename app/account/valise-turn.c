/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-turn"

#include "config.h"

#include "valise-turn.h"

/* What one at a time has. */
typedef struct
{
  GMutex              mutex;
  ValiseAcquaintance *known;
} Seat;

struct _ValiseTurn
{
  ValiseAccount *account;
  ValiseTrust   *trust;
  Seat           rounds;
  Seat           fetches;
};

static void
seat_init (Seat *seat)
{
  g_mutex_init (&seat->mutex);
  seat->known = valise_acquaintance_new ();
}

static void
seat_clear (Seat *seat)
{
  valise_acquaintance_free (seat->known);
  g_mutex_clear (&seat->mutex);
}

/* The seat's, or one's own where it is taken. */
static ValiseAcquaintance *
seat_take (Seat *seat)
{
  return g_mutex_trylock (&seat->mutex) ? seat->known : valise_acquaintance_new ();
}

static void
seat_leave (Seat *seat, ValiseAcquaintance *known)
{
  if (known == seat->known)
    g_mutex_unlock (&seat->mutex);
  else
    valise_acquaintance_free (known);
}

ValiseTurn *
valise_turn_new (ValiseAccount *account, ValiseTrust *trust)
{
  ValiseTurn *self = g_new0 (ValiseTurn, 1);

  self->account = account;
  self->trust = trust;
  seat_init (&self->rounds);
  seat_init (&self->fetches);
  return self;
}

void
valise_turn_free (ValiseTurn *self)
{
  seat_clear (&self->rounds);
  seat_clear (&self->fetches);
  g_free (self);
}

gboolean
valise_turn_run (ValiseTurn                *self,
                 const ValiseRoundOrders   *orders,
                 const ValiseRoundListener *listener,
                 gpointer                   user_data,
                 GCancellable              *cancellable,
                 GError                   **error)
{
  ValiseRoundOrders own = *orders;
  gboolean          ok = FALSE;

  own.known = seat_take (&self->rounds);
  ok = valise_round_run (self->account, self->trust, &own, listener, user_data, cancellable, error);
  seat_leave (&self->rounds, own.known);
  return ok;
}

gboolean
valise_turn_fetch (ValiseTurn        *self,
                   const char        *database,
                   const char *const *ids,
                   GCancellable      *cancellable,
                   GError           **error)
{
  ValiseAcquaintance *known = seat_take (&self->fetches);
  gboolean            ok =
      valise_round_fetch (self->account, self->trust, known, database, ids, cancellable, error);

  seat_leave (&self->fetches, known);
  return ok;
}

gboolean
valise_turn_settle (ValiseTurn *self, GCancellable *cancellable, GError **error)
{
  gboolean ok = TRUE;

  if (!g_mutex_trylock (&self->rounds.mutex))
    return TRUE;
  ok = valise_acquaintance_deliver (self->rounds.known, cancellable, error);
  g_mutex_unlock (&self->rounds.mutex);
  return ok;
}
