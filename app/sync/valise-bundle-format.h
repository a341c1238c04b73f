/* valise-bundle-format.h - what a bundle is made of, byte by byte
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A bundle carries documents, and the files they name, by USB stick or e-mail. Version 2, numbers
 * big-endian; version 1 is the same without 'F':
 *
 *     opening, 96 bytes
 *        0   8  89 56 4c 53 0d 0a 1a 0a (so that a transfer as text is noticed)
 *        8   1  version
 *        9   1  cipher: 0 none, 1 AES-256-GCM
 *       10   1  key: 0 none, 1 of a passphrase, 2 the team's
 *       11   1  0
 *       12   4  rounds of PBKDF2-HMAC-SHA256; 0 without a passphrase
 *       16  16  id of the bundle, random
 *       32  16  salt, random
 *       48  16  check of the key, so that a wrong passphrase is told from damage; 0 without one
 *       64   8  which team key: the first 8 bytes of its SHA-256; 0 without one
 *       72  24  0
 *     frames, each
 *        0   1  kind: 'H' header (the first), 'D' documents, 'F' piece of a file, 'T' trailer
 *               (the last)
 *        1   3  0
 *        4   4  bytes of the payload as it stands
 *        8   4  bytes of the payload inflated
 *       12   …  the payload: zlib's stream (RFC 1950), then encrypted
 *           16  its mark
 *     nothing follows the trailer
 *
 * Frames are numbered from 0. Without a cipher a mark is the first 16 bytes of the SHA-256 of
 * the opening's SHA-256, the frame's number (8 bytes), its first 12 bytes and its payload;
 * with one it is GCM's tag over the payload, the number being the nonce and the opening's
 * SHA-256 and the frame's first 12 bytes the context. So no frame can be moved, changed, left
 * out, repeated or brought over from another bundle without being noticed; and the trailer
 * says where the end is.
 *
 * The master key is PBKDF2 of the passphrase and the salt, or the team's key; the frames' key
 * and the check are derived from it by HKDF with the salt.
 *
 *     'H': JSON {"programme", "maker": device, "person", "for", "made": µs since 1970, "part": N,
 *          "databases": [{"name", "epoch", "since", "until"}, …]}: the documents of a database
 *          that changed after the sequence `since` of its epoch, up to `until`
 *     'D': 1 byte: which of these databases; then documents: 4 bytes of length, and the JSON
 *          with `_id`, `_rev`, `_revisions`, `_deleted`
 *     'F': 1 byte: which of these databases; 32 bytes: SHA-256 of the whole file; 8 bytes: its
 *          length; 8 bytes: where this piece belongs; 2 bytes: length of an id, and the id of the
 *          document that names the file; then the bytes. Pieces of one file follow one another;
 *          they may begin in one bundle of several, and go on in the next
 *     'T': JSON {"documents": N, "frames": those before, "digest": SHA-256 of all bytes before}
 *
 * Nothing says who made a bundle: its documents prove themselves.
 */

#pragma once

#include "valise-bundle-error.h"
#include "valise-cipher.h"
#include "valise-document.h"

G_BEGIN_DECLS

#define VALISE_BUNDLE_SUFFIX  ".valise-bundle"
#define VALISE_BUNDLE_TYPE    "application/vnd.valise.bundle"
#define VALISE_BUNDLE_VERSION 2

#define VALISE_BUNDLE_OPENING_SIZE 96
#define VALISE_BUNDLE_HEAD_SIZE    12
#define VALISE_BUNDLE_MARK_SIZE    16
#define VALISE_BUNDLE_ID_SIZE      16

/* What is read at most. */
#define VALISE_BUNDLE_MAX_DOCUMENT  (VALISE_DOCUMENT_MAX_SIZE + (512 << 10))   /* with revisions */
#define VALISE_BUNDLE_MAX_FRAME     (VALISE_BUNDLE_MAX_DOCUMENT + (512 << 10)) /* inflated */
#define VALISE_BUNDLE_MAX_PIECE     (256 << 10) /* of a file, in one frame */
#define VALISE_BUNDLE_MAX_ORIGINALS 100000
#define VALISE_BUNDLE_MAX_ID        2048       /* bytes */
#define VALISE_BUNDLE_MAX_TEXT      (64 << 10) /* of header and trailer, inflated */
#define VALISE_BUNDLE_MAX_INFLATED  (G_GINT64_CONSTANT (16) << 30)
#define VALISE_BUNDLE_MAX_DOCUMENTS 20000000
#define VALISE_BUNDLE_MAX_FRAMES    1000000
#define VALISE_BUNDLE_MAX_DATABASES 32
#define VALISE_BUNDLE_BLOCK         (256 << 10) /* inflated bytes that a writer collects */

typedef enum
{
  VALISE_BUNDLE_KEY_NONE,
  VALISE_BUNDLE_KEY_PASSPHRASE,
  VALISE_BUNDLE_KEY_TEAM,
} ValiseBundleKey;

typedef struct
{
  guint8          version;
  ValiseBundleKey key;
  guint           rounds;
  guint8          id[VALISE_BUNDLE_ID_SIZE];
  guint8          salt[16];
  guint8          check[16];
  guint8          team[8];
} ValiseBundleOpening;

/* What opens a bundle; lent. */
typedef struct
{
  const char   *passphrase; /* or NULL */
  const guint8 *team_key;   /* %VALISE_CIPHER_KEY_SIZE bytes, or NULL */
} ValiseBundleSecret;

typedef enum
{
  VALISE_BUNDLE_FRAME_HEADER = 'H',
  VALISE_BUNDLE_FRAME_DOCUMENTS = 'D',
  VALISE_BUNDLE_FRAME_PIECE = 'F',
  VALISE_BUNDLE_FRAME_TRAILER = 'T',
} ValiseBundleFrame;

/* A new opening: random id and salt; @key as @secret has one (a passphrase before a team's). */
void valise_bundle_opening_init (ValiseBundleOpening *self, const ValiseBundleSecret *secret);
void valise_bundle_opening_pack (const ValiseBundleOpening *self,
                                 guint8                     bytes[VALISE_BUNDLE_OPENING_SIZE]);
/* Fails with FOREIGN, VERSION, DAMAGED, TOO_LARGE (rounds). */
gboolean valise_bundle_opening_unpack (ValiseBundleOpening *self,
                                       const guint8         bytes[VALISE_BUNDLE_OPENING_SIZE],
                                       GError             **error);

/* What marks, and seals, the frames of one bundle; one thread. */
typedef struct _ValiseBundleCoder ValiseBundleCoder;

/* For a bundle to be written; fills in the check of @opening. */
ValiseBundleCoder *valise_bundle_coder_new_writing (ValiseBundleOpening      *opening,
                                                    const ValiseBundleSecret *secret,
                                                    GError                  **error);
/* For one that is read. Fails with LOCKED, PASSPHRASE. */
ValiseBundleCoder *valise_bundle_coder_new_reading (const ValiseBundleOpening *opening,
                                                    const ValiseBundleSecret  *secret,
                                                    GError                   **error);
void               valise_bundle_coder_free (ValiseBundleCoder *self);

/* Frame @number whole: head, payload, mark; to be appended to the file. */
GBytes *valise_bundle_coder_pack (ValiseBundleCoder *self,
                                  guint64            number,
                                  ValiseBundleFrame  kind,
                                  gconstpointer      data,
                                  gsize              length,
                                  GError           **error) G_GNUC_WARN_UNUSED_RESULT;

/* The head of a frame: its kind, the bytes that follow it (mark included) and those inflated.
 * Fails with DAMAGED, TOO_LARGE. */
gboolean valise_bundle_head_unpack (const guint8       head[VALISE_BUNDLE_HEAD_SIZE],
                                    ValiseBundleFrame *kind,
                                    gsize             *following,
                                    gsize             *inflated,
                                    GError           **error);

/* The inflated payload of frame @number. Fails with DAMAGED. */
GBytes *valise_bundle_coder_unpack (ValiseBundleCoder *self,
                                    guint64            number,
                                    const guint8       head[VALISE_BUNDLE_HEAD_SIZE],
                                    const guint8      *following,
                                    gsize              length,
                                    GError           **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseBundleCoder, valise_bundle_coder_free)

G_END_DECLS
