/* valise-access.h - who may do what, before the gate judges a document
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * In the databases of the programme the profile decides. In any other, its `_security`
 * object, as in CouchDB; the secretariat may do everything there.
 */

#pragma once

#include "valise-service.h"

G_BEGIN_DECLS

typedef enum
{
  VALISE_NEED_NOTHING,     /* strangers too */
  VALISE_NEED_ACCOUNT,     /* whoever signed in */
  VALISE_NEED_SECRETARIAT, /* the server's people */
  VALISE_NEED_READ,        /* to read the database of the path */
  VALISE_NEED_WRITE,       /* to write to it */
} ValiseNeed;

/* Who asks, by cookie or password; a cookie past its half is renewed in @answer. FALSE with
 * the failure in @answer: wrong password, or too many of them. A request that names nobody
 * is nobody's, and TRUE. */
gboolean valise_access_identify (ValiseService *service,
                                 ValiseRequest *request,
                                 ValiseAnswer  *answer);

/* Whether the address that asks has not failed too often; else 429 in @answer. Whoever finds a
 * secret wrong notes that with valise_throttle_note_failure(). */
gboolean valise_access_may_try (ValiseService       *service,
                                const ValiseRequest *request,
                                ValiseAnswer        *answer);

/* Whose name and password these are, within the limit of failures; NULL with the failure in
 * @answer. Does not block. */
ValisePerson *valise_access_sign_in (ValiseService       *service,
                                     const ValiseRequest *request,
                                     const char          *account,
                                     const char          *password,
                                     ValiseAnswer        *answer) G_GNUC_WARN_UNUSED_RESULT;

/* On a worker, before anything is answered for a password: that it arrived is remembered. FALSE
 * with the failure in @answer. */
gboolean valise_access_confirm (ValiseService *service, ValisePerson *person, ValiseAnswer *answer);

/* Whether anything may be done without reading the disk: 401, or 403 for the secretariat's. */
gboolean valise_access_check_account (const ValiseRequest *request,
                                      ValiseNeed           need,
                                      ValiseAnswer        *answer);
/* Whether the database may be read or written: 403, or 404 where it does not exist. */
gboolean valise_access_check_database (ValiseService       *service,
                                       const ValiseRequest *request,
                                       ValiseNeed           need,
                                       ValiseAnswer        *answer);

/* The same without an answer; FALSE without @error: it may not. */
gboolean valise_access_may (ValiseService       *service,
                            const ValiseRequest *request,
                            ValiseNeed           need,
                            GError             **error);

/* The same of the database @name of an office for @person; FALSE without @error: it may not. */
gboolean valise_access_allows (ValiseService      *service,
                               const char         *name,
                               const ValisePerson *person,
                               ValiseNeed          need,
                               GError            **error);

gboolean valise_access_is_secretariat (const ValiseRequest *request);

/* The `_security` object of @name, as text. */
char *valise_access_dup_security (ValiseService *service, const char *name, GError **error);

#define VALISE_ACCESS_SECURITY_ID "security" /* the `_local` document that keeps it */

G_END_DECLS
