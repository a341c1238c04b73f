/* valise-limits.h - how much a client may ask of the server
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint   connections;         /* in all */
  guint   connections_address; /* of one address: a delegation behind one router is many laptops */
  guint   idle_s;              /* without a byte either way */
  guint   head_s;              /* for a request's head to arrive, once it may begin */
  guint   grace_s;             /* after which a body must have come at this rate: */
  guint   rate;                /* bytes a second; a slow link lives, a silent trickle does not */
  gsize   body;                /* bytes of a request's body, as it came and inflated */
  gsize   bodies;              /* bytes of all bodies being read or worked on */
  gsize   cache;               /* bytes of compressed answers kept */
  guint64 room;                /* bytes of the disk that no upload may take: documents need them */
  guint   waiting;             /* requests that no worker has taken yet; more are answered 503 */
} ValiseLimits;

/* What `serve` uses. 2,048 descriptors are the least that a system gives. */
#define VALISE_LIMITS_DEFAULT                                                                      \
  {                                                                                                \
    .connections = 800, .connections_address = 100, .idle_s = 75, .head_s = 20, .grace_s = 60,     \
    .rate = 50, .body = 64 * 1024 * 1024, .bodies = 256 * 1024 * 1024, .cache = 64 * 1024 * 1024,  \
    .room = 64 * 1024 * 1024, .waiting = 2000                                                      \
  }

G_END_DECLS
