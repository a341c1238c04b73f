/* valise-vicinity-pairing.c - how a laptop becomes a colleague's, whichever asked
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-vicinity"

#include "config.h"

#include "valise-peer-error.h"
#include "valise-vicinity-parts.h"

#define PATIENCE_S 125 /* a little more than the other side's */

static void
set_words (ValiseVicinity *self,
           const char     *person,
           const char     *participant,
           const char     *address,
           const char     *code)
{
  ValiseVicinityPairing *pairing = &self->pairing;

  g_free (pairing->person);
  g_free (pairing->participant);
  g_free (pairing->address);
  g_free (pairing->code);
  pairing->person = g_strdup (person);
  pairing->participant = g_strdup (participant);
  pairing->address = g_strdup (address);
  pairing->code = g_strdup (code);
}

static void
set_phase (ValiseVicinity *self, ValisePairingPhase phase, const GError *error)
{
  g_clear_error (&self->pairing.error);
  self->pairing.phase = phase;
  self->pairing.error = error != NULL ? g_error_copy (error) : NULL;
  if (phase != VALISE_PAIRING_CONFIRMING)
    g_clear_handle_id (&self->patience_id, g_source_remove);
  if (!self->stopped)
    valise_vicinity_tell (self);
}

/* Who pairs wants to share: so it is turned on, and who it is is known at once. */
static void
finish (ValiseVicinity *self)
{
  set_phase (self, VALISE_PAIRING_DONE, NULL);
  valise_vicinity_set_sharing (self, TRUE);
  valise_vicinity_read (self);
  valise_vicinity_try_all (self);
}

/* --- the other laptop asks ------------------------------------------------------------------- */

/* What a thread of the host's has to tell. */
typedef struct
{
  GWeakRef vicinity;
  char    *person;
  char    *participant;
  char    *address;
  char    *code; /* NULL: they are paired */
} News;

static void
free_news (gpointer data)
{
  News *news = data;

  g_weak_ref_clear (&news->vicinity);
  g_free (news->person);
  g_free (news->participant);
  g_free (news->address);
  g_free (news->code);
  g_free (news);
}

/* A call that this laptop makes is not disturbed: its person has chosen whom to ask. */
static gboolean
news_cb (gpointer user_data)
{
  News                      *news = user_data;
  g_autoptr (ValiseVicinity) self = g_weak_ref_get (&news->vicinity);
  gboolean                   calls = FALSE;

  if (self == NULL || self->stopped)
    return G_SOURCE_REMOVE;
  calls = self->call_cancellable != NULL;
  if (news->code != NULL && !calls)
    {
      set_words (self, news->person, news->participant, news->address, news->code);
      set_phase (self, VALISE_PAIRING_COMPARE, NULL);
    }
  else if (news->code == NULL && !calls && self->pairing.phase == VALISE_PAIRING_CONFIRMING)
    finish (self);
  return G_SOURCE_REMOVE;
}

static void
post (ValiseVicinity *self,
      const char     *person,
      const char     *participant,
      const char     *address,
      const char     *code)
{
  News    *news = g_new0 (News, 1);
  GSource *source = g_idle_source_new ();

  g_weak_ref_init (&news->vicinity, self);
  news->person = g_strdup (person);
  news->participant = g_strdup (participant);
  news->address = g_strdup (address);
  news->code = g_strdup (code);
  g_source_set_callback (source, news_cb, news, free_news);
  g_source_attach (source, self->context);
  g_source_unref (source);
}

static void
asked_cb (const char *person,
          const char *participant,
          const char *address,
          const char *code,
          gpointer    user_data)
{
  post (user_data, person, participant, address, code);
}

static void
paired_cb (const char *person, gpointer user_data)
{
  post (user_data, person, NULL, NULL, NULL);
}

const ValiseHostListener valise_vicinity_listener = { asked_cb, paired_cb };

/* --- this laptop asks ------------------------------------------------------------------------ */

static void
call_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  ValiseVicinity      *self = source;
  g_autoptr (GError)   error = NULL;
  ValiseColleagueCall *call =
      valise_colleague_call_new (self->account, task_data, cancellable, &error);

  if (call != NULL)
    g_task_return_pointer (task, call, (GDestroyNotify) valise_colleague_call_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* Whether @result is of the call that is under way, and not of one that was given up. */
static gboolean
is_current (ValiseVicinity *self, GAsyncResult *result)
{
  GCancellable *cancellable = g_task_get_cancellable (G_TASK (result));

  return !self->stopped && cancellable == self->call_cancellable
         && !g_cancellable_is_cancelled (cancellable);
}

static void
called_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ValiseVicinity                 *self = VALISE_VICINITY (source);
  g_autoptr (GError)              error = NULL;
  g_autoptr (ValiseColleagueCall) call = g_task_propagate_pointer (G_TASK (result), &error);
  g_autofree char                *address = NULL;

  if (!is_current (self, result))
    return;
  if (call == NULL)
    {
      g_clear_object (&self->call_cancellable);
      set_phase (self, VALISE_PAIRING_FAILED, error);
      return;
    }
  self->call = g_steal_pointer (&call);
  address = g_strdup (self->pairing.address);
  set_words (self, valise_colleague_call_get_person (self->call),
             valise_colleague_call_get_participant (self->call), address,
             valise_colleague_call_get_code (self->call));
  set_phase (self, VALISE_PAIRING_COMPARE, NULL);
}

void
valise_vicinity_call (ValiseVicinity *self, const char *address)
{
  g_return_if_fail (VALISE_IS_VICINITY (self) && address != NULL);

  if (self->stopped)
    return;
  valise_vicinity_give_up (self);
  set_words (self, NULL, NULL, address, NULL);
  self->call_cancellable = g_cancellable_new ();
  set_phase (self, VALISE_PAIRING_CALLING, NULL);
  valise_vicinity_run (self, call_in_thread, g_strdup (address), g_free, self->call_cancellable,
                       called_cb, NULL);
}

/* --- the person's word ----------------------------------------------------------------------- */

static void
confirm_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  if (valise_colleague_call_confirm (task_data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
confirmed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ValiseVicinity    *self = VALISE_VICINITY (source);
  g_autoptr (GError) error = NULL;
  gboolean           ok = g_task_propagate_boolean (G_TASK (result), &error);

  if (!is_current (self, result))
    return;
  g_clear_object (&self->call_cancellable);
  if (ok)
    finish (self);
  else
    set_phase (self, VALISE_PAIRING_FAILED, error);
}

static gboolean
patience_cb (gpointer user_data)
{
  ValiseVicinity    *self = user_data;
  g_autoptr (GError) error = g_error_new_literal (VALISE_PEER_ERROR, VALISE_PEER_ERROR_FORBIDDEN,
                                                  "The other laptop did not confirm the code");

  self->patience_id = 0;
  set_phase (self, VALISE_PAIRING_FAILED, error);
  return G_SOURCE_REMOVE;
}

static void
answer_host (ValiseVicinity *self, gboolean same)
{
  gboolean heard = self->host != NULL && self->kind->answer (self->host, self->pairing.code, same);

  if (heard && same)
    {
      self->patience_id = g_timeout_add_seconds (PATIENCE_S, patience_cb, self);
      set_phase (self, VALISE_PAIRING_CONFIRMING, NULL);
    }
  else if (same)
    patience_cb (self);
  else
    set_phase (self, VALISE_PAIRING_NONE, NULL);
}

void
valise_vicinity_answer (ValiseVicinity *self, gboolean same)
{
  g_return_if_fail (VALISE_IS_VICINITY (self));

  if (self->pairing.phase != VALISE_PAIRING_COMPARE)
    return;
  if (self->call == NULL)
    answer_host (self, same);
  else if (!same)
    valise_vicinity_give_up (self);
  else
    {
      set_phase (self, VALISE_PAIRING_CONFIRMING, NULL);
      valise_vicinity_run (self, confirm_in_thread, g_steal_pointer (&self->call),
                           (GDestroyNotify) valise_colleague_call_free, self->call_cancellable,
                           confirmed_cb, NULL);
    }
}

void
valise_vicinity_give_up (ValiseVicinity *self)
{
  g_return_if_fail (VALISE_IS_VICINITY (self));

  if (self->call_cancellable == NULL && self->pairing.phase == VALISE_PAIRING_COMPARE
      && self->host != NULL)
    self->kind->answer (self->host, self->pairing.code, FALSE);
  g_cancellable_cancel (self->call_cancellable);
  g_clear_object (&self->call_cancellable);
  g_clear_pointer (&self->call, valise_colleague_call_free);
  set_words (self, NULL, NULL, NULL, NULL);
  set_phase (self, VALISE_PAIRING_NONE, NULL);
}

const ValiseVicinityPairing *
valise_vicinity_get_pairing (ValiseVicinity *self)
{
  return &self->pairing;
}
