/* valise-file-proof.h - a gate before a server's databases: no file by its digest alone
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Naming a digest is no proof of having the bytes: a document `file:SHA256` comes in only where
 * the database was shown them (see valise-file-upload.h), since whoever reads it can then have
 * them.
 */

#pragma once

#include "valise-file-store.h"
#include "valise-gate.h"

G_BEGIN_DECLS

#define VALISE_TYPE_FILE_PROOF (valise_file_proof_get_type ())

G_DECLARE_FINAL_TYPE (ValiseFileProof, valise_file_proof, VALISE, FILE_PROOF, GObject)

ValiseGate *valise_file_proof_new (ValiseFileStore *files) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
