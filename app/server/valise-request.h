/* valise-request.h - one HTTP request, read whole before anybody acts on it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-accounts.h"
#include "valise-json.h"

G_BEGIN_DECLS

#define VALISE_HTTP_ERROR (valise_http_error_quark ())

/* The code is the HTTP status to answer with; the message is the reason. */
GQuark valise_http_error_quark (void);

/* Built on the listener's thread, then read-only and handed to a worker. */
typedef struct
{
  char         *method;
  char         *path;     /* as it came, without the query: for the log */
  char        **segments; /* decoded one by one; "_local/x" and "_design/x" are one segment */
  GHashTable   *query;    /* decoded; of a name given twice, the last */
  GHashTable   *headers;  /* names in lower case */
  GBytes       *body;     /* inflated; empty where there was none */
  char         *address;  /* the client's, without port */
  char         *key;      /* the device key that its TLS proved, or NULL */
  ValisePerson *person;   /* who asks, or NULL */
} ValiseRequest;

/* @target: the request line's second word. Fails with %VALISE_HTTP_ERROR 400. */
ValiseRequest *valise_request_new (const char *method,
                                   const char *target,
                                   GError    **error) G_GNUC_WARN_UNUSED_RESULT;
void           valise_request_free (ValiseRequest *self);

void        valise_request_set_header (ValiseRequest *self, const char *name, const char *value);
const char *valise_request_get_header (const ValiseRequest *self, const char *name);

/* Segment @index, or NULL past the last. */
const char *valise_request_get_segment (const ValiseRequest *self, guint index);

const char *valise_request_get_query (const ValiseRequest *self, const char *name);
gboolean    valise_request_get_flag (const ValiseRequest *self, const char *name);

/* A number without sign, at most @maximum; @value is left alone where the query lacks it.
 * Fails with 400. */
gboolean valise_request_get_count (const ValiseRequest *self,
                                   const char          *name,
                                   guint64              maximum,
                                   guint64             *value,
                                   GError             **error);

/* A JSON string in the query, or the bare text where it is none (as CouchDB's clients send). */
char *valise_request_dup_query_string (const ValiseRequest *self, const char *name);

/* The body as a JSON object. Fails with 400, or 415 where it says to be something else. */
ValiseJson *valise_request_scan (const ValiseRequest *self,
                                 GError             **error) G_GNUC_WARN_UNUSED_RESULT;

/* "a=1&b=2" decoded: a query or a form. Fails with 400. */
GHashTable *valise_request_parse_form (const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the client takes the content coding @coding, such as "gzip". */
gboolean valise_request_takes (const ValiseRequest *self, const char *coding);

/* @text with what a path segment may not hold percent-encoded, "/" included. */
char *valise_request_escape (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseRequest, valise_request_free)

G_END_DECLS
