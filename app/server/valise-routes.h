/* valise-routes.h - which handler answers what
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-access.h"

G_BEGIN_DECLS

typedef struct
{
  const char   *methods; /* "GET,HEAD" */
  const char   *pattern; /* "$db", "$id", "$local", "$rest" stand for segments */
  ValiseNeed    need;
  gboolean      writes; /* waits for a database's writer: so another pool */
  ValiseHandler handler;
} ValiseRoute;

/* On the listener's thread, when the headers are in: the route, or NULL with the failure in
 * @answer: nobody uploads what will be refused anyway. */
const ValiseRoute *valise_routes_admit (ValiseService *service,
                                        ValiseRequest *request,
                                        ValiseAnswer  *answer);

/* On a worker: the rest. */
void valise_routes_run (ValiseService       *service,
                        const ValiseRoute   *route,
                        const ValiseRequest *request,
                        ValiseAnswer        *answer);

G_END_DECLS
