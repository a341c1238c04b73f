/* valise-gate.h - who may write what: declared here, judged by those who know the records
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-document.h"

G_BEGIN_DECLS

#define VALISE_GATE_ERROR (valise_gate_error_quark ())

/**
 * ValiseGateError:
 * @VALISE_GATE_ERROR_FORBIDDEN: a rule says no; the message names the rule and the document
 * @VALISE_GATE_ERROR_SEAL: no seal, or one that does not match
 * @VALISE_GATE_ERROR_UNKNOWN_KEY: sealed by a key that the `keys` document does not name
 * @VALISE_GATE_ERROR_REVISION: the revision is not the one its content makes
 */
typedef enum
{
  VALISE_GATE_ERROR_FORBIDDEN,
  VALISE_GATE_ERROR_SEAL,
  VALISE_GATE_ERROR_UNKNOWN_KEY,
  VALISE_GATE_ERROR_REVISION,
} ValiseGateError;

GQuark valise_gate_error_quark (void);

typedef enum
{
  VALISE_SOURCE_LOCAL,  /* written here */
  VALISE_SOURCE_SERVER, /* from the account's own server */
  VALISE_SOURCE_PEER,   /* from anybody else, or, on a server, from a client */
} ValiseSource;

/* One write to judge; everything is lent. */
typedef struct
{
  const char           *database;
  const ValiseDocument *document;
  const ValiseJson     *json;     /* its body */
  const ValiseDocument *previous; /* the winner now, or NULL */
  ValiseSource          source;
  const char           *user;        /* the account that writes, or NULL */
  const char           *participant; /* its participant, or NULL */
  const char *const    *roles;       /* its roles, NULL-terminated, or NULL */
} ValiseWrite;

#define VALISE_TYPE_GATE (valise_gate_get_type ())

G_DECLARE_INTERFACE (ValiseGate, valise_gate, VALISE, GATE, GObject)

struct _ValiseGateInterface
{
  GTypeInterface parent_iface;

  gboolean (*judge) (ValiseGate *self, const ValiseWrite *write, GError **error);
  /* Optional: see valise_gate_takes_tombstones(). */
  gboolean (*takes_tombstones) (ValiseGate *self, const char *database, ValiseSource source);
};

/* %TRUE where @write may be made; else %FALSE with a #ValiseGateError. Any thread. */
gboolean valise_gate_judge (ValiseGate *self, const ValiseWrite *write, GError **error);

/* FALSE: every tombstone of @database from @source is refused, whatever it says, so that none need
 * be fetched to be judged. Any thread. */
gboolean valise_gate_takes_tombstones (ValiseGate *self, const char *database, ValiseSource source);

G_END_DECLS
