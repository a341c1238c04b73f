/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-bundle-format"

#include "config.h"

#include <string.h>

#include "valise-bundle-format.h"
#include "valise-digest.h"

#define FRAMES_PURPOSE "valise-bundle-1 frames"
#define CHECK_PURPOSE  "valise-bundle-1 check"

static const guint8 magic[8] = { 0x89, 'V', 'L', 'S', '\r', '\n', 0x1a, '\n' };

/* Where the members of the opening stand. */
enum
{
  AT_VERSION = 8,
  AT_CIPHER = 9,
  AT_KEY = 10,
  AT_ROUNDS = 12,
  AT_ID = 16,
  AT_SALT = 32,
  AT_CHECK = 48,
  AT_TEAM = 64,
};

G_DEFINE_QUARK (valise_bundle_error, valise_bundle_error)

struct _ValiseBundleCoder
{
  guint8        opening[VALISE_DIGEST_SIZE]; /* digest of the opening as it stands */
  ValiseCipher *cipher;                      /* NULL: not encrypted */
};

static gboolean
refuse (GError **error, ValiseBundleError code, const char *why)
{
  g_set_error_literal (error, VALISE_BUNDLE_ERROR, (int) code, why);
  return FALSE;
}

static void
put_u32 (guint8 *at, guint32 value)
{
  guint32 big_endian = GUINT32_TO_BE (value);

  memcpy (at, &big_endian, sizeof big_endian);
}

static guint32
get_u32 (const guint8 *at)
{
  guint32 big_endian = 0;

  memcpy (&big_endian, at, sizeof big_endian);
  return GUINT32_FROM_BE (big_endian);
}

/* --- the opening -------------------------------------------------------------------------- */

void
valise_bundle_opening_init (ValiseBundleOpening *self, const ValiseBundleSecret *secret)
{
  guint8 digest[VALISE_DIGEST_SIZE];

  memset (self, 0, sizeof *self);
  self->version = VALISE_BUNDLE_VERSION;
  valise_secret_make (self->id, sizeof self->id);
  valise_secret_make (self->salt, sizeof self->salt);
  if (secret->passphrase != NULL)
    {
      self->key = VALISE_BUNDLE_KEY_PASSPHRASE;
      self->rounds = VALISE_CIPHER_ROUNDS;
    }
  else if (secret->team_key != NULL)
    {
      self->key = VALISE_BUNDLE_KEY_TEAM;
      valise_digest_compute (secret->team_key, VALISE_CIPHER_KEY_SIZE, digest);
      memcpy (self->team, digest, sizeof self->team);
    }
}

void
valise_bundle_opening_pack (const ValiseBundleOpening *self,
                            guint8                     bytes[VALISE_BUNDLE_OPENING_SIZE])
{
  memset (bytes, 0, VALISE_BUNDLE_OPENING_SIZE);
  memcpy (bytes, magic, sizeof magic);
  bytes[AT_VERSION] = self->version;
  bytes[AT_CIPHER] = self->key != VALISE_BUNDLE_KEY_NONE;
  bytes[AT_KEY] = (guint8) self->key;
  put_u32 (bytes + AT_ROUNDS, self->rounds);
  memcpy (bytes + AT_ID, self->id, sizeof self->id);
  memcpy (bytes + AT_SALT, self->salt, sizeof self->salt);
  memcpy (bytes + AT_CHECK, self->check, sizeof self->check);
  memcpy (bytes + AT_TEAM, self->team, sizeof self->team);
}

gboolean
valise_bundle_opening_unpack (ValiseBundleOpening *self,
                              const guint8         bytes[VALISE_BUNDLE_OPENING_SIZE],
                              GError             **error)
{
  guint8 again[VALISE_BUNDLE_OPENING_SIZE];

  if (memcmp (bytes, magic, sizeof magic) != 0)
    return refuse (error, VALISE_BUNDLE_ERROR_FOREIGN, "This is not a bundle");
  if (bytes[AT_VERSION] < 1 || bytes[AT_VERSION] > VALISE_BUNDLE_VERSION)
    {
      g_set_error (error, VALISE_BUNDLE_ERROR, VALISE_BUNDLE_ERROR_VERSION,
                   "The bundle is of version %u; this Valise reads up to version %d",
                   bytes[AT_VERSION], VALISE_BUNDLE_VERSION);
      return FALSE;
    }
  memset (self, 0, sizeof *self);
  self->version = bytes[AT_VERSION];
  self->key = bytes[AT_KEY];
  self->rounds = get_u32 (bytes + AT_ROUNDS);
  memcpy (self->id, bytes + AT_ID, sizeof self->id);
  memcpy (self->salt, bytes + AT_SALT, sizeof self->salt);
  memcpy (self->check, bytes + AT_CHECK, sizeof self->check);
  memcpy (self->team, bytes + AT_TEAM, sizeof self->team);

  valise_bundle_opening_pack (self, again);
  if (self->key > VALISE_BUNDLE_KEY_TEAM || memcmp (again, bytes, sizeof again) != 0
      || (self->rounds == 0) != (self->key != VALISE_BUNDLE_KEY_PASSPHRASE))
    return refuse (error, VALISE_BUNDLE_ERROR_DAMAGED, "The bundle's opening is damaged");
  if (self->rounds > 0
      && (self->rounds < VALISE_CIPHER_ROUNDS || self->rounds > VALISE_CIPHER_ROUNDS_MAX))
    return refuse (error, VALISE_BUNDLE_ERROR_TOO_LARGE,
                   "The bundle's passphrase is worked into its key too seldom or too often");
  return TRUE;
}

/* --- the coder ---------------------------------------------------------------------------- */

static gboolean
make_master (const ValiseBundleOpening *opening,
             const ValiseBundleSecret  *secret,
             guint8                     master[VALISE_CIPHER_KEY_SIZE],
             GError                   **error)
{
  if (opening->key == VALISE_BUNDLE_KEY_PASSPHRASE)
    {
      if (secret->passphrase == NULL)
        return refuse (error, VALISE_BUNDLE_ERROR_LOCKED,
                       "The bundle is encrypted: it needs its passphrase");
      return valise_cipher_stretch (secret->passphrase, opening->salt, sizeof opening->salt,
                                    opening->rounds, master, error);
    }
  if (secret->team_key == NULL)
    return refuse (error, VALISE_BUNDLE_ERROR_LOCKED,
                   "The bundle is encrypted with a team's key, which is not on this laptop");
  memcpy (master, secret->team_key, VALISE_CIPHER_KEY_SIZE);
  return TRUE;
}

/* @check: (out): 16 bytes that tell whether the key is the one. */
static gboolean
make_cipher (ValiseBundleCoder         *self,
             const ValiseBundleOpening *opening,
             const ValiseBundleSecret  *secret,
             guint8                     check[16],
             GError                   **error)
{
  guint8   master[VALISE_CIPHER_KEY_SIZE], key[VALISE_CIPHER_KEY_SIZE];
  gboolean ok = make_master (opening, secret, master, error)
                && valise_cipher_derive (master, opening->salt, sizeof opening->salt,
                                         FRAMES_PURPOSE, key, sizeof key, error)
                && valise_cipher_derive (master, opening->salt, sizeof opening->salt, CHECK_PURPOSE,
                                         check, 16, error);

  if (ok)
    self->cipher = valise_cipher_new (key, error);
  valise_secret_wipe (master, sizeof master);
  valise_secret_wipe (key, sizeof key);
  return ok && self->cipher != NULL;
}

static void
remember_opening (ValiseBundleCoder *self, const ValiseBundleOpening *opening)
{
  guint8 bytes[VALISE_BUNDLE_OPENING_SIZE];

  valise_bundle_opening_pack (opening, bytes);
  valise_digest_compute (bytes, sizeof bytes, self->opening);
}

ValiseBundleCoder *
valise_bundle_coder_new_writing (ValiseBundleOpening      *opening,
                                 const ValiseBundleSecret *secret,
                                 GError                  **error)
{
  g_autoptr (ValiseBundleCoder) self = g_new0 (ValiseBundleCoder, 1);

  if (opening->key != VALISE_BUNDLE_KEY_NONE
      && !make_cipher (self, opening, secret, opening->check, error))
    return NULL;
  remember_opening (self, opening);
  return g_steal_pointer (&self);
}

ValiseBundleCoder *
valise_bundle_coder_new_reading (const ValiseBundleOpening *opening,
                                 const ValiseBundleSecret  *secret,
                                 GError                   **error)
{
  g_autoptr (ValiseBundleCoder) self = g_new0 (ValiseBundleCoder, 1);
  guint8                        check[16];

  if (opening->key != VALISE_BUNDLE_KEY_NONE)
    {
      if (!make_cipher (self, opening, secret, check, error))
        return NULL;
      if (!valise_secret_equal (check, opening->check, sizeof check))
        {
          refuse (
              error, VALISE_BUNDLE_ERROR_PASSPHRASE,
              "That is not the passphrase, or not the team's key, that the bundle was made with");
          return NULL;
        }
    }
  remember_opening (self, opening);
  return g_steal_pointer (&self);
}

void
valise_bundle_coder_free (ValiseBundleCoder *self)
{
  g_clear_pointer (&self->cipher, valise_cipher_free);
  g_free (self);
}

/* --- frames -------------------------------------------------------------------------------- */

static GBytes *
deflate (gconstpointer data, gsize length, int level, GError **error)
{
  g_autoptr (GZlibCompressor) compressor =
      g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, level);
  gsize              room = length + length / 1000 + 64, read = 0, written = 0;
  g_autofree guint8 *out = g_malloc (room);

  if (g_converter_convert (G_CONVERTER (compressor), data, length, out, room,
                           G_CONVERTER_INPUT_AT_END, &read, &written, error)
      != G_CONVERTER_FINISHED)
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&out), written);
}

/* To exactly @inflated bytes, from all of @length. */
static GBytes *
inflate (gconstpointer data, gsize length, gsize inflated)
{
  g_autoptr (GZlibDecompressor) decompressor =
      g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
  g_autofree guint8 *out = g_malloc (inflated + 1); /* one more, to see whether more comes */
  gsize              taken = 0, made = 0;

  for (;;)
    {
      gsize            read = 0, written = 0;
      GConverterResult result = g_converter_convert (
          G_CONVERTER (decompressor), (const guint8 *) data + taken, length - taken, out + made,
          inflated + 1 - made, G_CONVERTER_INPUT_AT_END, &read, &written, NULL);

      taken += read;
      made += written;
      if (result == G_CONVERTER_FINISHED)
        break;
      if (result == G_CONVERTER_ERROR || made > inflated || (read == 0 && written == 0))
        return NULL;
    }
  if (taken != length || made != inflated)
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&out), made);
}

/* What GCM seals with the payload. */
static GBytes *
make_context (ValiseBundleCoder *self, const guint8 head[VALISE_BUNDLE_HEAD_SIZE])
{
  guint8 context[VALISE_DIGEST_SIZE + VALISE_BUNDLE_HEAD_SIZE];

  memcpy (context, self->opening, VALISE_DIGEST_SIZE);
  memcpy (context + VALISE_DIGEST_SIZE, head, VALISE_BUNDLE_HEAD_SIZE);
  return g_bytes_new (context, sizeof context);
}

static void
make_mark (ValiseBundleCoder *self,
           guint64            number,
           const guint8       head[VALISE_BUNDLE_HEAD_SIZE],
           gconstpointer      payload,
           gsize              length,
           guint8             mark[VALISE_BUNDLE_MARK_SIZE])
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint64               big_endian = GUINT64_TO_BE (number);
  guint8                digest[VALISE_DIGEST_SIZE];
  gsize                 size = sizeof digest;

  g_checksum_update (sum, self->opening, VALISE_DIGEST_SIZE);
  g_checksum_update (sum, (const guchar *) &big_endian, sizeof big_endian);
  g_checksum_update (sum, head, VALISE_BUNDLE_HEAD_SIZE);
  g_checksum_update (sum, payload, (gssize) length);
  g_checksum_get_digest (sum, digest, &size);
  memcpy (mark, digest, VALISE_BUNDLE_MARK_SIZE);
}

GBytes *
valise_bundle_coder_pack (ValiseBundleCoder *self,
                          guint64            number,
                          ValiseBundleFrame  kind,
                          gconstpointer      data,
                          gsize              length,
                          GError           **error)
{
  /* PDF and DOCX are compressed: looking harder finds nothing more. */
  int                    level = kind == VALISE_BUNDLE_FRAME_PIECE ? 1 : 9;
  g_autoptr (GBytes)     payload = deflate (data, length, level, error);
  g_autoptr (GBytes)     sealed = NULL, context = NULL;
  g_autoptr (GByteArray) out = g_byte_array_new ();
  guint8                 head[VALISE_BUNDLE_HEAD_SIZE] = { (guint8) kind };
  guint8                 mark[VALISE_BUNDLE_MARK_SIZE];
  gconstpointer          bytes = NULL;
  gsize                  size = 0;

  if (payload == NULL)
    return NULL;
  bytes = g_bytes_get_data (payload, &size);
  put_u32 (head + 4, (guint32) size);
  put_u32 (head + 8, (guint32) length);
  g_byte_array_append (out, head, sizeof head);
  if (self->cipher == NULL)
    {
      make_mark (self, number, head, bytes, size, mark);
      g_byte_array_append (out, bytes, (guint) size);
      g_byte_array_append (out, mark, sizeof mark);
      return g_byte_array_free_to_bytes (g_steal_pointer (&out));
    }
  context = make_context (self, head);
  sealed = valise_cipher_seal (self->cipher, number, context, bytes, size, error);
  if (sealed == NULL)
    return NULL;
  bytes = g_bytes_get_data (sealed, &size);
  g_byte_array_append (out, bytes, (guint) size);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

gboolean
valise_bundle_head_unpack (const guint8       head[VALISE_BUNDLE_HEAD_SIZE],
                           ValiseBundleFrame *kind,
                           gsize             *following,
                           gsize             *inflated,
                           GError           **error)
{
  gsize size = get_u32 (head + 4), most = VALISE_BUNDLE_MAX_TEXT;

  *kind = head[0];
  *inflated = get_u32 (head + 8);
  *following = size + VALISE_BUNDLE_MARK_SIZE;
  if ((*kind != VALISE_BUNDLE_FRAME_HEADER && *kind != VALISE_BUNDLE_FRAME_DOCUMENTS
       && *kind != VALISE_BUNDLE_FRAME_PIECE && *kind != VALISE_BUNDLE_FRAME_TRAILER)
      || head[1] != 0 || head[2] != 0 || head[3] != 0 || size == 0 || *inflated == 0)
    return refuse (error, VALISE_BUNDLE_ERROR_DAMAGED,
                   "The bundle is damaged: no frame begins here");
  if (*kind == VALISE_BUNDLE_FRAME_DOCUMENTS)
    most = VALISE_BUNDLE_MAX_FRAME;
  else if (*kind == VALISE_BUNDLE_FRAME_PIECE)
    most = VALISE_BUNDLE_MAX_PIECE + VALISE_BUNDLE_MAX_ID + 64;
  if (*inflated > most || size > most + most / 1000 + 64)
    return refuse (error, VALISE_BUNDLE_ERROR_TOO_LARGE, "A frame of the bundle is too large");
  return TRUE;
}

/* The payload as zlib made it, once its mark was found right; or NULL. */
static GBytes *
open_payload (ValiseBundleCoder *self,
              guint64            number,
              const guint8       head[VALISE_BUNDLE_HEAD_SIZE],
              const guint8      *following,
              gsize              length)
{
  g_autoptr (GBytes) context = NULL;
  gsize              size = length - VALISE_BUNDLE_MARK_SIZE;
  guint8             mark[VALISE_BUNDLE_MARK_SIZE];

  if (self->cipher != NULL)
    {
      context = make_context (self, head);
      return valise_cipher_open (self->cipher, number, context, following, length, NULL);
    }
  make_mark (self, number, head, following, size, mark);
  return valise_secret_equal (mark, following + size, sizeof mark)
             ? g_bytes_new_static (following, size)
             : NULL;
}

GBytes *
valise_bundle_coder_unpack (ValiseBundleCoder *self,
                            guint64            number,
                            const guint8       head[VALISE_BUNDLE_HEAD_SIZE],
                            const guint8      *following,
                            gsize              length,
                            GError           **error)
{
  g_autoptr (GBytes) payload = NULL, data = NULL;
  gsize              size = 0;

  g_return_val_if_fail (length > VALISE_BUNDLE_MARK_SIZE, NULL);

  payload = open_payload (self, number, head, following, length);
  if (payload != NULL)
    {
      gconstpointer bytes = g_bytes_get_data (payload, &size);

      data = inflate (bytes, size, get_u32 (head + 8));
    }
  if (data == NULL)
    refuse (error, VALISE_BUNDLE_ERROR_DAMAGED,
            "The bundle is damaged: a frame does not match its mark");
  return g_steal_pointer (&data);
}
