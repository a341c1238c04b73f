/* valise-poll.h - one question to our server about all of an account's databases
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the files of this layer; see valise-poll-handlers.c for what is said. A question is built
 * by one thread, and asked by any.
 */

#pragma once

#include "valise-http-session.h"

G_BEGIN_DECLS

/* What the server says of a database that moved on, is another, or is out of reach. */
typedef struct
{
  char       *name;
  char       *error; /* "forbidden", "not_found", …; NULL: none */
  char       *seq;   /* where its feed ends now; NULL: out of reach */
  char       *uuid;
  GStrv       logs; /* the ids of those that are not as they were said to be, or unknown here */
  ValiseJson *json; /* the whole answer, in which `object` describes the database */
  guint       object;
} ValisePollNews;

typedef struct
{
  char      *run;    /* names the server's run */
  char      *tag;    /* of the grants; NULL: as it was */
  GPtrArray *grants; /* (element-type ValiseGrant) */
  GPtrArray *news;   /* (element-type ValisePollNews) */
} ValisePollAnswer;

/* What the server said, which is untrusted. Fails with %VALISE_PEER_ERROR_PROTOCOL. */
ValisePollAnswer *valise_poll_answer_read (ValiseJson *json,
                                           GError    **error) G_GNUC_WARN_UNUSED_RESULT;
void              valise_poll_answer_free (ValisePollAnswer *self);

/* Of @database, or %NULL. */
const ValisePollNews *valise_poll_answer_find (const ValisePollAnswer *self, const char *database);

/* What it says of the log @id; FALSE where it says nothing. @body: (out): NULL where there is none.
 */
gboolean valise_poll_news_find_log (const ValisePollNews *self, const char *id, char **body);

typedef struct _ValisePoll ValisePoll;

/* @run, @tag: (nullable): as the server last said them. */
ValisePoll *valise_poll_new (const char *run, const char *tag) G_GNUC_WARN_UNUSED_RESULT;
void        valise_poll_free (ValisePoll *self);

/* @since, @uuid: (nullable): what is known of it. */
void valise_poll_add (ValisePoll *self, const char *database, const char *since, const char *uuid);
/* Of the database added last: the log @id, as @text has it, is what the server should hold; NULL:
 * it is to say what it holds. */
void valise_poll_add_log (ValisePoll *self, const char *id, const char *text);

/**
 * valise_poll_ask:
 * @wait_s: waits so long for news; 0: answers at once
 * @status: (out): the HTTP status
 *
 * Blocks. A server that does not know the question answers with 404, 400 or 405.
 */
ValisePollAnswer *valise_poll_ask (ValisePoll        *self,
                                   ValiseHttpSession *session,
                                   guint              wait_s,
                                   guint             *status,
                                   GCancellable      *cancellable,
                                   GError           **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValisePoll, valise_poll_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValisePollAnswer, valise_poll_answer_free)

G_END_DECLS
