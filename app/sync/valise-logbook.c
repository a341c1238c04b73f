/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-logbook"

#include "config.h"

#include "valise-checkpoint.h"
#include "valise-id.h"
#include "valise-logbook.h"
#include "valise-recall.h"

#define AWAY_US    (30 * G_USEC_PER_SEC) /* between two logs written far away … */
#define AWAY_BYTES (1 << 20)             /* … or after so much, */
#define AWAY_MIN   (5 * G_USEC_PER_SEC)  /* but not before */

struct _ValiseLogbook
{
  ValisePeer       *source;
  ValisePeer       *target;
  GCancellable     *cancellable;
  char             *id;
  ValiseCheckpoint *checkpoint;
  ValiseRecall      recall;

  gboolean watched;        /* somebody else knows whether the far peer is who it was */
  gboolean inwards;        /* the target is the store */
  char    *start;          /* (nullable): of the feed */
  gboolean fresh;          /* which has no documents, and nothing was brought yet */
  gboolean ahead;          /* the near peer came further than the start */
  char    *far_log;        /* (nullable): what the far peer holds, as far as we know */
  char    *far_epoch;      /* what changes when its sequences begin anew */
  gboolean unproved;       /* a log was written there, and its epoch not looked at since */
  gboolean lax;            /* the source is */
  gboolean source_refuses; /* it takes no log: a read-only source */
  gboolean target_refuses;
  char    *log, *due;  /* (nullable): of what is durable; the second is for far away */
  char    *due_seq;    /* (nullable): where the store stood then */
  char    *near_log;   /* that of them which the near peer has, where it goes first */
  char    *away;       /* the log written far away last */
  gint64   away_us;    /* when, monotonic */
  guint64  away_bytes; /* the traffic then */
};

static void
set_text (char **text, const char *value)
{
  g_free (*text);
  *text = g_strdup (value);
}

static guint64
sum_traffic (ValiseLogbook *self)
{
  guint64 received = 0, sent = 0, sum = 0;

  valise_peer_get_traffic (self->source, &received, &sent);
  sum = received + sent;
  valise_peer_get_traffic (self->target, &received, &sent);
  return sum + received + sent;
}

static char *
dup_epoch (ValisePeer   *peer,
           gint64       *documents,
           gboolean     *lax,
           GCancellable *cancellable,
           GError      **error)
{
  ValisePeerInfo info = { 0 };
  char          *epoch = NULL;

  if (!valise_peer_get_info (peer, &info, cancellable, error))
    return NULL;
  epoch = valise_peer_info_dup_epoch (&info);
  *documents = info.documents;
  *lax = info.lax;
  valise_peer_info_clear (&info);
  return epoch;
}

static ValisePeer *
get_far (ValiseLogbook *self)
{
  return self->inwards ? self->source : self->target;
}

static ValisePeer *
get_near (ValiseLogbook *self)
{
  return self->inwards ? self->target : self->source;
}

static gboolean *
get_far_refuses (ValiseLogbook *self)
{
  return self->inwards ? &self->source_refuses : &self->target_refuses;
}

/* A `_local` log, NULL where there is none or the peer keeps none for us. */
static gboolean
read_log (ValiseLogbook *self, ValisePeer *peer, char **log, gboolean *refuses, GError **error)
{
  g_autoptr (GError) failure = NULL;

  *log = valise_peer_get_local (peer, self->id, self->cancellable, &failure);
  *refuses = g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_FORBIDDEN);
  if (*log != NULL || *refuses
      || g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* Where the far peer turns out to remember less than the near one has from it, it may have lost
 * more than the log: what it may have lost is offered like anything else. */
static gboolean
recall (ValiseLogbook *self, const char *near_log, GError **error)
{
  gint64 trusted = VALISE_SEQ_MAX;

  self->ahead = valise_checkpoint_is_behind (self->checkpoint, near_log);
  if (self->ahead)
    trusted = self->inwards ? valise_recall_read_settled (&self->recall, self->checkpoint) : 0;
  return valise_recall_begin (&self->recall, self->far_epoch, trusted, error);
}

/* --- the logs -------------------------------------------------------------------------------- */

static void
choose_start (ValiseLogbook *self)
{
  const char *seq = valise_checkpoint_get_seq (self->checkpoint);

  set_text (&self->start, seq);
  if (!self->inwards && seq != NULL && g_ascii_strtoll (seq, NULL, 10) > self->recall.redo)
    {
      g_free (self->start);
      self->start = g_strdup_printf ("%" G_GINT64_FORMAT, self->recall.redo);
    }
}

static gboolean
find_start (ValiseLogbook *self, GError **error)
{
  gint64           documents = 0;
  gboolean         target_lax = FALSE;
  g_autofree char *source_epoch =
      dup_epoch (self->source, &documents, &self->lax, self->cancellable, error);
  g_autofree char *target_epoch = NULL, *source_log = NULL, *target_log = NULL;

  if (source_epoch == NULL)
    return FALSE;
  target_epoch = dup_epoch (self->target, &documents, &target_lax, self->cancellable, error);
  if (target_epoch == NULL
      || !read_log (self, self->source, &source_log, &self->source_refuses, error)
      || !read_log (self, self->target, &target_log, &self->target_refuses, error))
    return FALSE;

  g_clear_pointer (&self->checkpoint, valise_checkpoint_free);
  set_text (&self->far_log, self->inwards ? source_log : target_log);
  set_text (&self->far_epoch, self->inwards ? source_epoch : target_epoch);
  self->checkpoint = valise_checkpoint_new (source_epoch, target_epoch, source_log, target_log);
  self->fresh = documents == 0 && valise_checkpoint_get_seq (self->checkpoint) == NULL;
  self->away_us = g_get_monotonic_time ();
  self->away_bytes = sum_traffic (self);
  if (!recall (self, self->inwards ? target_log : source_log, error))
    return FALSE;
  choose_start (self);
  return TRUE;
}

ValiseLogbook *
valise_logbook_open (ValisePeer   *source,
                     ValisePeer   *target,
                     const char   *device,
                     const char   *want,
                     gboolean      remembers,
                     GCancellable *cancellable,
                     GError      **error)
{
  g_autoptr (ValiseLogbook) self = g_new0 (ValiseLogbook, 1);

  self->source = source;
  self->target = target;
  self->inwards = valise_peer_is_atomic (target);
  /* Two stores of this machine need no memory: neither is far. */
  remembers = remembers && self->inwards != valise_peer_is_atomic (source);
  self->cancellable = cancellable;
  self->id = valise_checkpoint_make_id (valise_peer_get_name (source),
                                        valise_peer_get_name (target), device, want);
  valise_recall_init (&self->recall, get_near (self), valise_peer_get_name (get_far (self)),
                      self->id, remembers);
  return find_start (self, error) ? g_steal_pointer (&self) : NULL;
}

void
valise_logbook_free (ValiseLogbook *self)
{
  g_clear_pointer (&self->checkpoint, valise_checkpoint_free);
  valise_recall_clear (&self->recall);
  g_free (self->id);
  g_free (self->log);
  g_free (self->due);
  g_free (self->due_seq);
  g_free (self->near_log);
  g_free (self->away);
  g_free (self->far_log);
  g_free (self->far_epoch);
  g_free (self->start);
  g_free (self);
}

const char *
valise_logbook_get_id (ValiseLogbook *self)
{
  return self->id;
}

const char *
valise_logbook_get_start (ValiseLogbook *self)
{
  return self->start;
}

char *
valise_logbook_make (const char *seq, char **away, gpointer user_data)
{
  ValiseLogbook *self = user_data;

  return valise_checkpoint_advance (self->checkpoint, seq, away);
}

/* Puts a log where the peer takes one; @transfer: (nullable): tries again; @refuses: (inout). */
static gboolean
write_log (ValiseLogbook  *self,
           ValiseTransfer *transfer,
           ValisePeer     *peer,
           const char     *log,
           gboolean       *refuses,
           GError        **error)
{
  guint attempt = 0;

  while (!*refuses)
    {
      GError *failure = NULL;

      if (valise_peer_put_local (peer, self->id, log, self->cancellable, &failure))
        return TRUE;
      *refuses = g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_FORBIDDEN);
      if (*refuses)
        g_error_free (failure);
      else if (transfer == NULL)
        {
          g_propagate_error (error, failure);
          return FALSE;
        }
      else if (!valise_transfer_retry (transfer, &attempt, failure, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_far_log (ValiseLogbook *self, ValiseTransfer *transfer, const char *log, GError **error)
{
  if (!write_log (self, transfer, get_far (self), log, get_far_refuses (self), error))
    return FALSE;
  if (!*get_far_refuses (self))
    {
      set_text (&self->far_log, log);
      self->unproved = !self->inwards && !self->watched;
    }
  return TRUE;
}

/* The logs that do not ride with the documents. */
static gboolean
write_logs (ValiseLogbook  *self,
            ValiseTransfer *transfer,
            const char     *log,
            const char     *away,
            GError        **error)
{
  gboolean refuses = FALSE, shared = FALSE;

  if (!write_far_log (self, transfer, away, error))
    return FALSE;
  refuses = *get_far_refuses (self);
  shared = !refuses && valise_checkpoint_set_shared (self->checkpoint);
  if (self->inwards)
    return !shared || write_log (self, transfer, self->target, away, &self->target_refuses, error);
  return write_log (self, transfer, self->source, refuses ? log : away, &self->source_refuses,
                    error);
}

/* Where the store stands; NULL where nobody asks. */
static gboolean
dup_near_seq (ValiseLogbook *self, char **seq, GError **error)
{
  ValisePeerInfo info = { 0 };

  *seq = NULL;
  if (!self->inwards || !self->recall.remembers)
    return TRUE;
  if (!valise_peer_get_info (get_near (self), &info, NULL, error))
    return FALSE;
  *seq = g_strdup (info.update_seq);
  valise_peer_info_clear (&info);
  return TRUE;
}

/* What the pipeline has made durable since. */
static gboolean
take_logs (ValiseLogbook *self, ValisePipeline *pipeline, GError **error)
{
  g_autofree char *log = NULL, *away = NULL, *seq = NULL;

  if (!dup_near_seq (self, &seq, error))
    return FALSE;
  if (!valise_pipeline_dup_logs (pipeline, &log, &away) || g_strcmp0 (away, self->due) == 0)
    return TRUE;
  set_text (&self->log, log);
  set_text (&self->due, away);
  set_text (&self->due_seq, seq);
  return TRUE;
}

static gboolean
write_due (ValiseLogbook *self, ValiseTransfer *transfer, GError **error)
{
  if (!write_logs (self, transfer, self->log, self->due, error)
      || (self->inwards && !*get_far_refuses (self)
          && !valise_recall_write_settled (&self->recall, self->due, self->due_seq, error)))
    return FALSE;
  set_text (&self->away, self->due);
  self->away_us = g_get_monotonic_time ();
  self->away_bytes = sum_traffic (self);
  return TRUE;
}

gboolean
valise_logbook_is_lone (ValiseLogbook *self)
{
  return valise_checkpoint_is_lone (self->checkpoint);
}

gboolean
valise_logbook_is_fresh (ValiseLogbook *self)
{
  return self->fresh;
}

gboolean
valise_logbook_is_ahead (ValiseLogbook *self)
{
  return self->ahead;
}

gboolean
valise_logbook_is_lax (ValiseLogbook *self)
{
  return self->lax;
}

/* Whether the far database is still the one whose log was found. Only that tells where the server
 * came back as an older copy of itself just before a log was written to it: the log says there,
 * as it should, what was given to the one before. */
static gboolean
has_epoch (ValiseLogbook *self, gboolean *same, GError **error)
{
  gint64           documents = 0;
  gboolean         lax = FALSE;
  g_autofree char *epoch = dup_epoch (get_far (self), &documents, &lax, self->cancellable, error);

  *same = epoch != NULL && strcmp (epoch, self->far_epoch) == 0;
  return epoch != NULL;
}

gboolean
valise_logbook_check (ValiseLogbook  *self,
                      ValisePipeline *pipeline,
                      ValiseTransfer *transfer,
                      gboolean        sent,
                      gboolean       *rewound,
                      GError        **error)
{
  g_autofree char *found = NULL;
  gboolean         refuses = FALSE, same = TRUE;
  gboolean         doubt = valise_transfer_take_shaken (transfer) || self->unproved;

  *rewound = FALSE;
  if (!self->inwards && !valise_recall_look (&self->recall, self->far_epoch, rewound, error))
    return FALSE;
  if (*rewound)
    {
      if (!valise_transfer_flush (transfer, error))
        return FALSE;
      choose_start (self);
      return TRUE;
    }
  if (*get_far_refuses (self) || (!doubt && (!sent || self->inwards || self->watched)))
    return TRUE;
  if (!valise_transfer_flush (transfer, error)
      || !read_log (self, get_far (self), &found, &refuses, error)
      || (doubt && !has_epoch (self, &same, error)))
    return FALSE;
  self->unproved = FALSE;
  if (same && (refuses || valise_checkpoint_is_same (found, self->far_log)))
    return TRUE;

  *rewound = TRUE;
  if (!find_start (self, error))
    return FALSE;
  /* What was to be written there speaks of what it has forgotten. */
  if (!take_logs (self, pipeline, error))
    return FALSE;
  set_text (&self->away, self->due);
  return TRUE;
}

gboolean
valise_logbook_settle (ValiseLogbook *self, GError **error)
{
  return self->inwards || valise_recall_settle (&self->recall, self->far_epoch, error);
}

gboolean
valise_logbook_keep (ValiseLogbook  *self,
                     ValisePipeline *pipeline,
                     ValiseTransfer *transfer,
                     gboolean        now,
                     GError        **error)
{
  gint64  passed = g_get_monotonic_time () - self->away_us;
  guint64 bytes = sum_traffic (self);

  if (!take_logs (self, pipeline, error))
    return FALSE;
  if (!valise_logbook_is_due (self))
    return TRUE;
  if (!now && passed < AWAY_US && (passed < AWAY_MIN || bytes - self->away_bytes < AWAY_BYTES))
    return TRUE;
  /* The first one goes to the near peer as well: not over what the writer put there meanwhile. */
  if (self->inwards && valise_logbook_is_lone (self)
      && (!valise_transfer_flush (transfer, error) || !take_logs (self, pipeline, error)))
    return FALSE;
  return write_due (self, transfer, error);
}

/* What was sent is acknowledged, and this machine may know it before the far one remembers it: of
 * two logs the one that came less far counts. */
gboolean
valise_logbook_put_off (ValiseLogbook *self, ValisePipeline *pipeline, GError **error)
{
  if (!take_logs (self, pipeline, error))
    return FALSE;
  if (self->inwards || !valise_logbook_is_due (self) || g_strcmp0 (self->near_log, self->log) == 0)
    return TRUE;
  if (!valise_peer_put_local (self->source, self->id, self->log, self->cancellable, error))
    return FALSE;
  set_text (&self->near_log, self->log);
  return TRUE;
}

gboolean
valise_logbook_is_due (ValiseLogbook *self)
{
  return self->due != NULL && g_strcmp0 (self->due, self->away) != 0;
}

gboolean
valise_logbook_deliver (ValiseLogbook *self, GCancellable *cancellable, GError **error)
{
  self->cancellable = cancellable;
  return !valise_logbook_is_due (self) || write_due (self, NULL, error);
}

void
valise_logbook_resume (ValiseLogbook *self, GCancellable *cancellable)
{
  self->cancellable = cancellable;
  self->fresh = FALSE;
  self->ahead = FALSE;
}

void
valise_logbook_set_watched (ValiseLogbook *self)
{
  self->watched = TRUE;
}

gint64
valise_logbook_get_due (ValiseLogbook *self, ValisePipeline *pipeline)
{
  if (!take_logs (self, pipeline, NULL) || !valise_logbook_is_due (self))
    return -1;
  return MAX ((self->away_us + AWAY_US - g_get_monotonic_time ()) / 1000, 0);
}
