/* valise-file-handlers.c - files that laptops send in pieces
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The feature "files". Whoever may write to a database may bring it a file, and then the document
 * `file:SHA256` that names it:
 *
 *     GET /DB/_files/SHA256
 *         → {present: bytes that came, complete: BOOL, challenge: TEXT}
 *     PUT /DB/_files/SHA256?offset=N&length=L   at most 64 KiB that belong at N, of a file of L
 *         → the same; 409 where they do not follow, 422 where the whole makes another digest,
 *           413 for too much, 507 where the disk has no room for the file
 *     PUT /DB/_files/SHA256?proof=HEX           SHA-256 over the challenge and all the bytes
 *         → the same; 409 where the proof is none, and 429 after several such
 *
 * There is a challenge where the bytes are here by another way: who shows that they have them
 * need not send them.
 */

#define G_LOG_DOMAIN "valise-file-handlers"

#include "config.h"

#include <string.h>
#include <sys/statvfs.h>

#include "valise-access.h"
#include "valise-clock.h"
#include "valise-file-upload.h"
#include "valise-handlers.h"
#include "valise-id.h"

#define CHALLENGE_US G_TIME_SPAN_HOUR /* in which one may be answered; then the next hour too */

static gboolean
is_digest (const char *text)
{
  return strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64;
}

/* The same for this hour to the same asker, without being kept; another for another. */
static char *
make_challenge (const ValiseRequest *request, gint64 hour)
{
  static char     *secret = NULL;
  static gsize     once = 0;
  g_autofree char *text = NULL;

  if (g_once_init_enter (&once))
    {
      secret = valise_random_hex (32);
      g_once_init_leave (&once, 1);
    }
  text = g_strdup_printf ("%s\n%s\n%s\n%" G_GINT64_FORMAT, valise_request_get_segment (request, 0),
                          valise_request_get_segment (request, 2), request->person->account, hour);
  return g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guchar *) secret, strlen (secret),
                                    text, -1);
}

static void
answer_state (const ValiseRequest *request, const ValiseUploadState *state, ValiseAnswer *answer)
{
  g_string_append_printf (answer->text, "{\"present\":%" G_GINT64_FORMAT ",\"complete\":%s",
                          state->present, state->proven ? "true" : "false");
  if (state->known && !state->proven)
    {
      g_autofree char *challenge = make_challenge (request, valise_clock_now () / CHALLENGE_US);

      valise_answer_append_member (answer->text, "challenge", challenge);
    }
  g_string_append (answer->text, "}\n");
}

/* The files; NULL with an answer where the request names none, or they cannot be opened. */
static ValiseFileStore *
open_files (ValiseService *service, const ValiseRequest *request, ValiseAnswer *answer)
{
  g_autoptr (ValiseDatabase) database = valise_service_open (service, request, answer);
  g_autoptr (GError)         error = NULL;
  ValiseFileStore           *files = NULL;

  if (database == NULL)
    return NULL;
  if (!is_digest (valise_request_get_segment (request, 2)))
    {
      valise_answer_fail (answer, 400, "bad_request", "Not a SHA-256 in lower-case hex digits");
      return NULL;
    }
  files = valise_home_get_files (valise_office_get_home (service->office), &error);
  if (files == NULL)
    valise_answer_fail_with (answer, error);
  return files;
}

static ValiseUploadOwner
get_owner (const ValiseRequest *request)
{
  return (ValiseUploadOwner){ valise_request_get_segment (request, 0), request->person->account };
}

VALISE_HANDLER (get_upload)
{
  ValiseFileStore        *files = open_files (service, request, answer);
  const char             *sha256 = valise_request_get_segment (request, 2);
  const ValiseUploadOwner owner = get_owner (request);
  ValiseUploadState       state = { 0 };
  g_autoptr (GError)      error = NULL;

  if (files == NULL)
    return;
  if (valise_file_upload_look (files, sha256, &owner, &state, &error))
    answer_state (request, &state, answer);
  else
    valise_answer_fail_with (answer, error);
}

/* --- bringing ------------------------------------------------------------------------------- */

static void
fail_upload (const GError *error, ValiseAnswer *answer)
{
  if (g_error_matches (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_RANGE))
    valise_answer_fail (answer, 409, "conflict", error->message);
  else if (g_error_matches (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_LIMIT))
    valise_answer_fail (answer, 413, "too_large", error->message);
  else if (g_error_matches (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_DIGEST))
    valise_answer_fail (answer, 422, "wrong_digest", error->message);
  else
    valise_answer_fail_with (answer, error);
}

/* Whether @proof answers the challenge of this hour or the one before. */
static gboolean
check_proof (ValiseFileStore     *files,
             const ValiseRequest *request,
             const char          *proof,
             gboolean            *good,
             GError             **error)
{
  gint64 hour = valise_clock_now () / CHALLENGE_US;

  *good = FALSE;
  for (gint64 i = 0; i < 2 && !*good; i++)
    {
      g_autofree char *challenge = make_challenge (request, hour - i);
      g_autofree char *digest = valise_file_upload_digest (
          files, valise_request_get_segment (request, 2), challenge, error);

      if (digest == NULL)
        return FALSE;
      *good = g_str_equal (digest, proof);
    }
  return TRUE;
}

/* A proof takes reading the whole file: once it is proven, not again; and who guesses is slowed. */
static void
take_proof (ValiseService       *service,
            ValiseFileStore     *files,
            const ValiseRequest *request,
            const char          *proof,
            ValiseAnswer        *answer)
{
  const ValiseUploadOwner owner = get_owner (request);
  const char             *sha256 = valise_request_get_segment (request, 2);
  ValiseUploadState       state = { 0 };
  g_autoptr (GError)      error = NULL;
  gboolean                good = FALSE;

  if (!valise_access_may_try (service, request, answer))
    return;
  if (!valise_file_upload_look (files, sha256, &owner, &state, &error)
      || (state.known && !state.proven && !check_proof (files, request, proof, &good, &error))
      || (good && !valise_file_upload_prove (files, sha256, owner.database, &error))
      || (good && !valise_file_upload_look (files, sha256, &owner, &state, &error)))
    fail_upload (error, answer);
  else if (state.proven)
    answer_state (request, &state, answer);
  else
    {
      valise_throttle_note_failure (service->throttle, request->address);
      valise_answer_fail (answer, 409, "conflict", "That is no proof of having the file");
    }
}

/* Whether a file of @length bytes leaves the documents room to grow; else says so. Asked once a
 * file: what fills the disk meanwhile, the store notices. */
static gboolean
check_room (ValiseService *service, guint64 length, ValiseAnswer *answer)
{
  struct statvfs   disk;
  g_autofree char *reason = NULL;
  const char      *folder = valise_home_get_directory (valise_office_get_home (service->office));
  guint64          free_bytes = 0;

  if (statvfs (folder, &disk) != 0)
    return TRUE;
  free_bytes = (guint64) disk.f_bavail * disk.f_frsize;
  if (free_bytes >= service->room && free_bytes - service->room >= length)
    return TRUE;
  reason =
      g_strdup_printf ("The server has no room for a file of %" G_GUINT64_FORMAT " bytes", length);
  valise_answer_fail (answer, 507, "insufficient_storage", reason);
  return FALSE;
}

static void
take_piece (ValiseService       *service,
            ValiseFileStore     *files,
            const ValiseRequest *request,
            ValiseAnswer        *answer)
{
  const ValiseUploadOwner owner = get_owner (request);
  const char             *offset = valise_request_get_query (request, "offset");
  const char             *length = valise_request_get_query (request, "length");
  guint64                 at = 0, whole = 0;
  ValiseUploadState       state = { 0 };
  g_autoptr (GBytes)      nothing = g_bytes_new_static ("", 0);
  GBytes                 *piece = request->body != NULL ? request->body : nothing;
  g_autoptr (GError)      error = NULL;

  if (offset == NULL || length == NULL
      || !g_ascii_string_to_unsigned (offset, 10, 0, G_MAXINT64, &at, NULL)
      || !g_ascii_string_to_unsigned (length, 10, 0, G_MAXINT64, &whole, NULL))
    {
      valise_answer_fail (answer, 400, "bad_request", "A piece takes ?offset=N&length=L");
      return;
    }
  if (g_bytes_get_size (piece) > VALISE_FILE_CHUNK)
    {
      valise_answer_fail (answer, 413, "too_large", "A piece is at most 64 KiB");
      return;
    }
  if (at == 0 && !check_room (service, whole, answer))
    return;
  if (at == 0) /* once a file: it writes */
    (void) valise_file_upload_expire (files, valise_clock_now () - VALISE_UPLOAD_LIFE_US, NULL);
  if (valise_file_upload_append (files, valise_request_get_segment (request, 2), &owner,
                                 (gint64) whole, (gint64) at, piece, &state, &error))
    answer_state (request, &state, answer);
  else
    fail_upload (error, answer);
}

VALISE_HANDLER (put_upload)
{
  ValiseFileStore *files = open_files (service, request, answer);
  const char      *proof = valise_request_get_query (request, "proof");

  if (files == NULL)
    return;
  if (proof != NULL)
    take_proof (service, files, request, proof, answer);
  else
    take_piece (service, files, request, answer);
}
