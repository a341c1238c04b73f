/* valise-service.h - what every handler works with
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-answer.h"
#include "valise-cache.h"
#include "valise-neighbours.h"
#include "valise-office.h"
#include "valise-request.h"
#include "valise-session.h"
#include "valise-throttle.h"

G_BEGIN_DECLS

/* Made once by the server, which owns it; its members are safe from any thread. */
typedef struct
{
  ValiseOffice     *office;
  ValiseSessions   *sessions;
  ValiseThrottle   *throttle;
  ValiseCache      *cache;
  ValiseNeighbours *neighbours; /* of a laptop that serves colleagues; else NULL */
  guint64           room;       /* bytes of the disk that no upload may take */
  char              run[17];    /* names this run of the server; empty: of a laptop */
} ValiseService;

/* On a worker. Whatever it does, @answer holds an answer when it returns. */
typedef void (*ValiseHandler) (ValiseService       *service,
                               const ValiseRequest *request,
                               ValiseAnswer        *answer);

/* The database of the path's first segment; NULL with the failure in @answer. */
ValiseDatabase *valise_service_open (ValiseService       *service,
                                     const ValiseRequest *request,
                                     ValiseAnswer        *answer) G_GNUC_WARN_UNUSED_RESULT;

/* Marks @answer as one that may be kept: what it says depends on @database as it is now and on
 * @request alone. */
void valise_service_set_cacheable (ValiseService       *service,
                                   const ValiseRequest *request,
                                   ValiseDatabase      *database,
                                   ValiseAnswer        *answer);

/* --- sequences: "N-EPOCH", where EPOCH is the start of the database's uuid ----------------- */

#define VALISE_EPOCH_LENGTH 8

void valise_sequence_append (GString *out, gint64 seq, const char *uuid); /* quotes included */

/* Where a feed asked for @text begins. One of another epoch, or beyond the end, is 0: after a
 * restored backup or a database made anew, a client sees some rows twice and misses none. */
gint64 valise_sequence_parse (const char *text, const ValiseDatabaseInfo *info);

G_END_DECLS
