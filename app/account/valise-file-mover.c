/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-file-mover"

#include "config.h"

#include "valise-file-mover.h"
#include "valise-file-queue-parts.h"
#include "valise-file-transfer.h"
#include "valise-home.h"
#include "valise-id.h"
#include "valise-retry.h"

#define MAX_BARREN       4 /* attempts in a row that bring nothing */
#define FIRST_BACKOFF_US (G_USEC_PER_SEC / 4)
#define MAX_BACKOFF_US   (45 * G_USEC_PER_SEC)
#define WORDS_POLL_US    (100 * 1000)
#define MAX_WORDS_US     (30 * G_USEC_PER_SEC) /* that a file stands still for words at once */

/* Ends a transfer without anything being wrong: it is held, or the policy says no. */
#define HALT_ERROR g_quark_from_static_string ("valise-file-halt")

struct _ValiseFileMover
{
  ValiseFileMoverSource source;
  ValiseFileControl    *control; /* lent from the queue */
  ValiseFileStore      *files;   /* lent from the home */
  gboolean              continuous;
  GCancellable         *cancellable;
  GThread              *thread;
  GError               *failure;
  ValisePeer           *peer;    /* NULL: not asked for yet */
  char                 *reached; /* its database */

  /* The transfer that runs */
  const char *sha256;
  const char *database; /* of one that goes out; NULL: it comes */
  int         priority;
  guint64     turn;
  gint64      moved;
  gboolean    gained; /* something moved in this attempt */
};

/* --- a step ------------------------------------------------------------------------------ */

static gboolean
halt (ValiseFileMover *self, ValiseFileReason reason, GError **error)
{
  valise_file_control_set_standing (self->control, reason);
  g_set_error_literal (error, HALT_ERROR, (int) reason, "It is not to move now");
  return FALSE;
}

/* Documents go first. What is on its way meanwhile waits in the socket, and is not lost. */
static gboolean
let_words_by (ValiseFileMover *self, GError **error)
{
  gint64 until = g_get_monotonic_time () + MAX_WORDS_US;

  if (self->source.has_words == NULL || !self->source.has_words (self->source.user_data))
    return TRUE;

  valise_file_control_set_standing (self->control, VALISE_FILE_WORDS_FIRST);
  valise_file_queue_changed (self->source.queue);
  while (self->source.has_words (self->source.user_data) && g_get_monotonic_time () < until)
    if (!valise_retry_sleep (WORDS_POLL_US, self->cancellable, error))
      return FALSE;
  valise_file_control_set_standing (self->control, VALISE_FILE_MOVES);
  return TRUE;
}

/* Whether somebody held the file, took it out of the queue, or wants another one sooner. */
static gboolean
is_still_next (ValiseFileMover *self)
{
  g_autoptr (ValiseFileWish) next = NULL;
  guint64                    turn = valise_file_control_get_turn (self->control);

  if (self->turn == turn || self->database != NULL)
    return TRUE;
  self->turn = turn;
  next = valise_file_wishes_take_next (self->files, NULL);
  return next != NULL && g_str_equal (next->sha256, self->sha256);
}

static gboolean
step_cb (gint64 moved, gint64 bytes, gpointer user_data, GError **error)
{
  ValiseFileMover *self = user_data;
  ValiseFileReason reason = VALISE_FILE_MOVES;

  self->gained |= moved > self->moved;
  self->moved = moved;
  valise_file_control_set_progress (self->control, self->sha256, moved);
  valise_file_queue_changed (self->source.queue);
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error)
      || !let_words_by (self, error))
    return FALSE;
  if (!is_still_next (self))
    return halt (self, VALISE_FILE_MOVES, error);

  reason =
      valise_file_control_ask_guard (self->control, self->database != NULL, self->priority, bytes);
  return reason == VALISE_FILE_MOVES || halt (self, reason, error);
}

/* --- one file ---------------------------------------------------------------------------- */

/* Whether @failure is of this file alone: the next may do better. */
static gboolean
is_of_the_file (const GError *failure)
{
  if (failure->domain == VALISE_FILE_ERROR || failure->domain == VALISE_DATABASE_ERROR
      || failure->domain == VALISE_HOME_ERROR)
    return TRUE;
  return g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING)
         || g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_FORBIDDEN)
         || g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_TOO_LARGE)
         || g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL);
}

/* The winner of `file:SHA256` as it is known here; NULL where it is not. */
static char *
dup_rev (ValiseFileMover *self, const ValiseFileWish *wish)
{
  g_autoptr (ValiseDatabase) database =
      valise_home_get_database (self->source.home, wish->database, FALSE, NULL);
  g_autofree char      *id = valise_id_for_file (wish->sha256);
  g_autoptr (GPtrArray) leaves = NULL;

  if (database != NULL)
    leaves = valise_database_get_leaves (database, id, NULL);
  return leaves != NULL && leaves->len > 0
             ? g_strdup (((const ValiseRevisionLeaf *) leaves->pdata[0])->rev)
             : NULL;
}

/* The peer of @database, borrowed: the same for file after file, so that it need not ask again
 * what the server can do. */
static ValisePeer *
reach (ValiseFileMover *self, const char *database, GError **error)
{
  if (self->peer != NULL && g_str_equal (self->reached, database))
    return self->peer;
  g_clear_object (&self->peer);
  g_free (self->reached);
  self->reached = g_strdup (database);
  self->peer = self->source.open_peer (database, self->source.user_data, error);
  return self->peer;
}

static gboolean
fetch (ValiseFileMover *self, const ValiseFileWish *wish, GError **error)
{
  ValisePeer      *peer = reach (self, wish->database, error);
  g_autofree char *rev = dup_rev (self, wish);

  return peer != NULL
         && valise_file_transfer_fetch (peer, self->files, wish, rev, step_cb, self,
                                        self->cancellable, error);
}

static gboolean
send (ValiseFileMover *self, const ValiseFileParcel *parcel, GError **error)
{
  g_autoptr (ValiseDatabase) database =
      valise_home_get_database (self->source.home, parcel->database, FALSE, error);
  ValisePeer *peer = database != NULL ? reach (self, parcel->database, error) : NULL;

  return peer != NULL
         && valise_file_transfer_send (peer, self->files, database, parcel->sha256, step_cb, self,
                                       self->cancellable, error);
}

static void
begin (ValiseFileMover *self, const char *sha256, const char *database, int priority, gint64 moved)
{
  self->sha256 = sha256;
  self->database = database;
  self->priority = priority;
  self->turn = valise_file_control_get_turn (self->control);
  self->moved = moved;
  self->gained = FALSE;
  valise_file_control_set_standing (self->control, VALISE_FILE_MOVES);
}

static void
end (ValiseFileMover *self)
{
  valise_file_control_set_progress (self->control, NULL, 0);
  valise_file_queue_changed (self->source.queue);
  self->sha256 = self->database = NULL;
}

/* --- the queue --------------------------------------------------------------------------- */

typedef enum
{
  MOVED,   /* there may be more */
  NOTHING, /* nothing is to be moved, or may be now */
  FAILED,  /* the peer is out of reach, or the disk is */
} Outcome;

/* Takes @failure. */
static Outcome
judge (ValiseFileMover *self, GError *failure, gboolean *is_problem, GError **error)
{
  *is_problem = FALSE;
  if (failure == NULL)
    return MOVED;
  if (failure->domain == HALT_ERROR)
    {
      Outcome outcome = failure->code == VALISE_FILE_MOVES ? MOVED : NOTHING;

      g_error_free (failure);
      return outcome;
    }
  *is_problem = is_of_the_file (failure);
  if (*is_problem)
    g_message ("%s", failure->message);
  g_propagate_error (error, failure);
  return *is_problem ? MOVED : FAILED;
}

static Outcome
move_parcel (ValiseFileMover *self, const ValiseFileParcel *parcel, GError **error)
{
  GError            *failure = NULL;
  g_autoptr (GError) why = NULL;
  gboolean           is_problem = FALSE;
  Outcome            outcome = MOVED;

  begin (self, parcel->sha256, parcel->database, VALISE_FILE_ASKED_FOR, 0);
  send (self, parcel, &failure);
  outcome = judge (self, failure, &is_problem, &why);
  if (is_problem
      && !valise_file_parcels_set_problem (self->files, parcel->sha256, parcel->database,
                                           why->message, error))
    outcome = FAILED;
  else if (outcome == FAILED)
    g_propagate_error (error, g_steal_pointer (&why));
  end (self);
  return outcome;
}

static Outcome
move_wish (ValiseFileMover *self, const ValiseFileWish *wish, GError **error)
{
  GError            *failure = NULL;
  g_autoptr (GError) why = NULL;
  gboolean           is_problem = FALSE;
  Outcome            outcome = MOVED;

  begin (self, wish->sha256, NULL, wish->priority, wish->present);
  fetch (self, wish, &failure);
  outcome = judge (self, failure, &is_problem, &why);
  if (is_problem
      && !valise_file_wishes_set_problem (self->files, wish->sha256, why->message, error))
    outcome = FAILED;
  else if (outcome == FAILED)
    g_propagate_error (error, g_steal_pointer (&why));
  end (self);
  return outcome;
}

static ValiseFileParcel *
find_parcel (GPtrArray *parcels)
{
  for (guint i = 0; i < parcels->len; i++)
    if (((ValiseFileParcel *) parcels->pdata[i])->problem == NULL)
      return parcels->pdata[i];
  return NULL;
}

static Outcome
move_next (ValiseFileMover *self, GError **error)
{
  g_autoptr (GPtrArray)      parcels = valise_file_parcels_list (self->files, error);
  g_autoptr (ValiseFileWish) wish = NULL;
  g_autoptr (GError)         failure = NULL;
  ValiseFileParcel          *parcel = parcels != NULL ? find_parcel (parcels) : NULL;

  if (parcels == NULL)
    return FAILED;
  if (parcel != NULL)
    return move_parcel (self, parcel, error);

  wish = valise_file_wishes_take_next (self->files, &failure);
  if (wish != NULL)
    return move_wish (self, wish, error);
  if (failure == NULL)
    return NOTHING;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FAILED;
}

/* Whether to try again after @failure: as long as something comes, and for ever while somebody
 * watches. */
static gboolean
may_retry (ValiseFileMover *self, const GError *failure, guint *barren)
{
  gint64             backoff = FIRST_BACKOFF_US;
  g_autoptr (GError) cancelled = NULL;

  if (failure->domain != VALISE_PEER_ERROR
      || g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_CREDENTIALS)
      || g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_IDENTITY))
    return FALSE;
  *barren = self->gained ? 0 : *barren + 1;
  if (*barren == 0)
    return TRUE;
  if (*barren >= MAX_BARREN && !self->continuous)
    return FALSE;

  valise_file_control_set_standing (self->control, VALISE_FILE_OFFLINE);
  valise_file_queue_changed (self->source.queue);
  backoff = MIN (backoff << MIN (*barren - 1, 8U), MAX_BACKOFF_US);
  return valise_retry_sleep (backoff, self->cancellable, &cancelled);
}

static void
move_all (ValiseFileMover *self)
{
  guint barren = 0;

  while (!g_cancellable_is_cancelled (self->cancellable))
    {
      guint64            turn = valise_file_control_get_turn (self->control);
      g_autoptr (GError) failure = NULL;

      switch (move_next (self, &failure))
        {
        case MOVED:
          barren = 0;
          break;
        case NOTHING:
          valise_file_queue_changed (self->source.queue);
          if (!self->continuous
              || !valise_file_control_wait (self->control, turn, self->cancellable))
            return;
          break;
        case FAILED:
        default:
          if (g_cancellable_is_cancelled (self->cancellable) || !may_retry (self, failure, &barren))
            {
              self->failure = g_steal_pointer (&failure);
              return;
            }
        }
    }
}

static gpointer
mover_thread (gpointer data)
{
  ValiseFileMover *self = data;

  self->files = valise_file_queue_get_store (self->source.queue, &self->failure);
  if (self->files != NULL)
    {
      valise_file_control_set_standing (self->control, VALISE_FILE_MOVES);
      move_all (self);
    }
  valise_file_control_set_standing (self->control, VALISE_FILE_OFFLINE);
  valise_file_queue_changed (self->source.queue);
  return NULL;
}

ValiseFileMover *
valise_file_mover_start (const ValiseFileMoverSource *source,
                         gboolean                     continuous,
                         GCancellable                *cancellable)
{
  ValiseFileMover *self = g_new0 (ValiseFileMover, 1);

  self->source = *source;
  self->control = valise_file_queue_get_control (source->queue);
  self->continuous = continuous;
  self->cancellable = g_object_ref (cancellable);
  self->thread = g_thread_new ("valise-files", mover_thread, self);
  return self;
}

gboolean
valise_file_mover_finish (ValiseFileMover *self, GError **error)
{
  gboolean ok = FALSE;

  g_thread_join (self->thread);
  ok = self->failure == NULL;
  if (!ok)
    g_propagate_error (error, self->failure);
  g_object_unref (self->cancellable);
  g_clear_object (&self->peer);
  g_free (self->reached);
  g_free (self);
  return ok;
}
