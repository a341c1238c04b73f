/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-file-proof"

#include "config.h"

#include "valise-document.h"
#include "valise-file-proof.h"
#include "valise-file-upload.h"
#include "valise-id.h"

struct _ValiseFileProof
{
  GObject parent_instance;

  ValiseFileStore *files;
};

static void valise_file_proof_init_gate (ValiseGateInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ValiseFileProof,
                               valise_file_proof,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (VALISE_TYPE_GATE,
                                                      valise_file_proof_init_gate))

static gboolean
judge (ValiseGate *gate, const ValiseWrite *write, GError **error)
{
  ValiseFileProof        *self = VALISE_FILE_PROOF (gate);
  const char             *sha256 = valise_id_get_sha256 (write->document->id);
  const ValiseUploadOwner owner = { write->database, "" };
  ValiseUploadState       state = { 0 };

  if (sha256 == NULL || write->document->deleted)
    return TRUE;
  if (!valise_file_upload_look (self->files, sha256, &owner, &state, error))
    return FALSE;
  if (state.proven)
    return TRUE;
  g_set_error (error, VALISE_GATE_ERROR, VALISE_GATE_ERROR_FORBIDDEN, "%s comes without its file",
               write->document->id);
  return FALSE;
}

static void
valise_file_proof_init_gate (ValiseGateInterface *iface)
{
  iface->judge = judge;
}

static void
valise_file_proof_dispose (GObject *object)
{
  g_clear_object (&VALISE_FILE_PROOF (object)->files);

  G_OBJECT_CLASS (valise_file_proof_parent_class)->dispose (object);
}

static void
valise_file_proof_class_init (ValiseFileProofClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = valise_file_proof_dispose;
}

static void
valise_file_proof_init (ValiseFileProof *self)
{
}

ValiseGate *
valise_file_proof_new (ValiseFileStore *files)
{
  ValiseFileProof *self = g_object_new (VALISE_TYPE_FILE_PROOF, NULL);

  self->files = g_object_ref (files);
  return VALISE_GATE (self);
}
