/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-http-file"

#include "config.h"

#include <string.h>

#include "valise-file-attachment.h"
#include "valise-http-file.h"

#define MAX_DOCUMENT (1 << 20) /* bytes of a file's document */

/* One fetch. */
typedef struct
{
  const ValiseHttpPlace *place;
  const ValisePeerFile  *file;
  ValisePeerPieceFunc    func;
  gpointer               user_data;
  GCancellable          *cancellable;

  char   *name;   /* of the attachment */
  char   *rev;    /* or NULL: the winner */
  gint64  offset; /* what to ask for next */
  guint8 *buffer; /* of VALISE_FILE_CHUNK bytes */
} Fetch;

static gboolean
refuse (const Fetch *fetch, GError **error, const char *what)
{
  g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL, "File %s: %s",
               fetch->file->sha256, what);
  return FALSE;
}

/* --- asking ------------------------------------------------------------------------------ */

static char *
make_path (const Fetch *fetch)
{
  g_autofree char *name = g_uri_escape_string (fetch->name, NULL, FALSE);
  g_autofree char *rev = fetch->rev != NULL ? g_uri_escape_string (fetch->rev, NULL, FALSE) : NULL;

  return g_strconcat (fetch->place->path, "/file%3A", fetch->file->sha256, "/", name,
                      rev != NULL ? "?rev=" : NULL, rev, NULL);
}

static ValiseHttpAnswer *
ask (const Fetch *fetch, guint *status, GError **error)
{
  g_autofree char  *path = make_path (fetch);
  g_autofree char  *range = g_strdup_printf ("bytes=%" G_GINT64_FORMAT "-", fetch->offset);
  const char *const headers[] = {
    "Accept", "*/*", "Accept-Encoding", "identity", fetch->offset > 0 ? "Range" : NULL, range, NULL
  };
  const ValiseHttpExtras extras = { .headers = headers };

  return valise_http_session_send_with (fetch->place->session, "GET", path, NULL, &extras, status,
                                        fetch->cancellable, error);
}

/* The document as it stands there says what its attachment is called, and which revision it is
 * of. FALSE without an error where it tells nothing new. */
static gboolean
look_up (Fetch *fetch, GError **error)
{
  g_autofree char *path = g_strconcat (fetch->place->path, "/file%3A", fetch->file->sha256, NULL);
  g_autoptr (ValiseJson) json = valise_http_session_exchange (
      fetch->place->session, "GET", path, NULL, NULL, fetch->cancellable, error);
  g_autofree char *attachments = NULL, *name = NULL, *rev = NULL;
  guint            token = VALISE_JSON_NONE;
  gboolean         is_news = FALSE;

  if (json == NULL)
    return FALSE;
  token = valise_json_find (json, 0, "_attachments");
  if (token != VALISE_JSON_NONE)
    attachments = valise_json_dup_raw (json, token);
  name = valise_file_attachment_dup_name (attachments, NULL);
  rev = valise_json_dup_member (json, 0, "_rev");
  if (name == NULL || rev == NULL)
    return FALSE;

  is_news = g_strcmp0 (name, fetch->name) != 0 || g_strcmp0 (rev, fetch->rev) != 0;
  g_free (fetch->name);
  g_free (fetch->rev);
  fetch->name = g_steal_pointer (&name);
  fetch->rev = g_steal_pointer (&rev);
  return is_news;
}

/* The answer, once the document was asked where the file is not where it was expected. */
static ValiseHttpAnswer *
find (Fetch *fetch, GError **error)
{
  g_autoptr (GError)           failure = NULL;
  g_autoptr (ValiseHttpAnswer) answer = NULL;
  guint                        status = 0;

  answer = ask (fetch, &status, &failure);
  if (answer == NULL && status == 404 && look_up (fetch, NULL))
    {
      g_clear_error (&failure);
      answer = ask (fetch, &status, &failure);
    }
  if (answer == NULL && status == 416)
    refuse (fetch, error, "it is shorter there than its paper says");
  else if (answer == NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return g_steal_pointer (&answer);
}

/* --- what the head says ------------------------------------------------------------------ */

static gboolean
read_number (const char **text, char end, gint64 *value)
{
  char   *rest = NULL;
  guint64 number = 0;

  if (!g_ascii_isdigit (**text))
    return FALSE;
  number = g_ascii_strtoull (*text, &rest, 10);
  if (number > G_MAXINT64 || *rest != end)
    return FALSE;

  *value = (gint64) number;
  *text = rest + (end != '\0');
  return TRUE;
}

/* Whether "bytes FIRST-LAST/TOTAL" is the rest of the file from where we are. */
static gboolean
check_range (const Fetch *fetch, ValiseHttpAnswer *answer, GError **error)
{
  const char *text = valise_http_answer_get_header (answer, "Content-Range");
  gint64      first = 0, last = 0, total = 0;

  if (text == NULL || !g_str_has_prefix (text, "bytes "))
    return refuse (fetch, error, "a part of it came that does not say which");
  text += strlen ("bytes ");
  if (!read_number (&text, '-', &first) || !read_number (&text, '/', &last)
      || !read_number (&text, '\0', &total))
    return refuse (fetch, error, "a part of it came that does not say which");
  if (total != fetch->file->length)
    return refuse (fetch, error, "it has another length there than its paper says");
  if (first != fetch->offset || last < first || last >= total)
    return refuse (fetch, error, "another part of it came than was asked for");
  return TRUE;
}

static gboolean
check_whole (const Fetch *fetch, ValiseHttpAnswer *answer, GError **error)
{
  const char *text = valise_http_answer_get_header (answer, "Content-Length");
  gint64      length = 0;

  if (text == NULL || !read_number (&text, '\0', &length) || length == fetch->file->length)
    return TRUE;
  return refuse (fetch, error, "it has another length there than its paper says");
}

/* Our server's tag is the digest itself: a wrong file need not come to its end to be known. */
static gboolean
check_tag (const Fetch *fetch, const char *tag, GError **error)
{
  g_autofree char *bare = tag != NULL ? g_strdup (tag) : NULL;
  g_autofree char *sha256 = NULL;

  if (bare != NULL)
    sha256 = valise_file_attachment_dup_sha256 (g_strdelimit (bare, "\"", ' ') + (*bare == ' '));
  if (sha256 == NULL || g_str_equal (sha256, fetch->file->sha256))
    return TRUE;
  return refuse (fetch, error, "another file is there under its name");
}

/* Whether the bytes here and those there are of one file, as far as anybody says. */
static gboolean
is_same (const Fetch *fetch, const char *tag)
{
  return fetch->file->tag == NULL || tag == NULL || g_str_equal (fetch->file->tag, tag);
}

/* --- reading ----------------------------------------------------------------------------- */

static gboolean
give (const Fetch *fetch, gint64 offset, gsize length, const char *tag, GError **error)
{
  const ValisePeerPiece piece = { offset, fetch->buffer, length, tag };

  return fetch->func (&piece, fetch->user_data, error);
}

/* Fills the buffer up to the end of a chunk, or with what has come. 0: the end. */
static gssize
read_piece (const Fetch *fetch, ValiseHttpAnswer *answer, gint64 at, GError **error)
{
  gsize want = (gsize) MIN (VALISE_FILE_CHUNK - at % VALISE_FILE_CHUNK, fetch->file->length - at);
  gsize have = 0;

  while (have < want && (have == 0 || !valise_http_answer_is_dry (answer)))
    {
      g_autoptr (GError) failure = NULL;
      gssize n = valise_http_answer_read (answer, (char *) fetch->buffer + have, want - have,
                                          fetch->cancellable, &failure);

      /* What came before a cut is kept; the cut shows at the next reading. */
      if (n < 0 && have == 0)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return -1;
        }
      if (n <= 0)
        break;
      have += (gsize) n;
    }
  return (gssize) have;
}

/* From @at, where the answer begins; what lies before the offset is here already. */
static gboolean
read_body (Fetch *fetch, ValiseHttpAnswer *answer, gint64 at, const char *tag, GError **error)
{
  while (at < fetch->file->length)
    {
      gssize n = read_piece (fetch, answer, at, error);
      gint64 skip = CLAMP (fetch->offset - at, 0, MAX (n, 0));

      if (n < 0)
        return FALSE;
      if (n == 0)
        {
          g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_NETWORK, "File %s was cut short",
                       fetch->file->sha256);
          return FALSE;
        }
      if (skip > 0)
        memmove (fetch->buffer, fetch->buffer + skip, (gsize) (n - skip));
      if (n > skip && !give (fetch, at + skip, (gsize) (n - skip), tag, error))
        return FALSE;
      at += n;
    }
  /* Read to its end, so that the connection can be used again. */
  return valise_http_answer_read (answer, (char *) fetch->buffer, 1, fetch->cancellable, NULL) < 1
         || refuse (fetch, error, "it is longer there than its paper says");
}

/* One question. @again: (out): the bytes here are of another file: from the beginning. */
static gboolean
fetch_rest (Fetch *fetch, gboolean *again, GError **error)
{
  g_autoptr (ValiseHttpAnswer) answer = find (fetch, error);
  const char                  *tag = NULL;
  gboolean                     is_part = FALSE;

  if (answer == NULL)
    return FALSE;
  tag = valise_http_answer_get_header (answer, "ETag");
  is_part = valise_http_answer_get_status (answer) == 206;
  if (!check_tag (fetch, tag, error)
      || !(is_part ? check_range (fetch, answer, error) : check_whole (fetch, answer, error)))
    return FALSE;

  if (fetch->offset > 0 && !is_same (fetch, tag))
    {
      fetch->offset = 0;
      *again = is_part;
      if (is_part)
        return TRUE;
    }
  return give (fetch, fetch->offset, 0, tag, error)
         && read_body (fetch, answer, is_part ? fetch->offset : 0, tag, error);
}

gboolean
valise_http_file_fetch (const ValiseHttpPlace *place,
                        const ValisePeerFile  *file,
                        ValisePeerPieceFunc    func,
                        gpointer               user_data,
                        GCancellable          *cancellable,
                        GError               **error)
{
  Fetch    fetch = { place, file, func, user_data, cancellable };
  gboolean again = FALSE, ok = FALSE;

  fetch.name = g_strdup (VALISE_FILE_ATTACHMENT);
  fetch.rev = g_strdup (file->rev);
  fetch.offset = file->offset;
  fetch.buffer = g_malloc (VALISE_FILE_CHUNK);
  ok = fetch_rest (&fetch, &again, error);
  if (ok && again)
    ok = fetch_rest (&fetch, &again, error);
  g_free (fetch.name);
  g_free (fetch.rev);
  g_free (fetch.buffer);
  return ok;
}
