/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-sentences"

#include "config.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

#include "valise-bundle-error.h"
#include "valise-format.h"
#include "valise-library.h"
#include "valise-pdf.h"
#include "valise-peer-error.h"
#include "valise-sentences.h"

#define ANY_CODE (-1)

typedef struct
{
  int         code;
  const char *sentence; /* translatable */
} Sentence;

static const Sentence invitation_sentences[] = {
  { VALISE_INVITATION_ERROR_FORMAT,
    N_ ("This file is not an invitation. Choose the file that your secretariat sent you, as it "
        "came.") },
  { VALISE_INVITATION_ERROR_NEWER,
    N_ ("This invitation was made for a later Valise. Update Valise, then open it again.") },
  { VALISE_INVITATION_ERROR_EXPIRED,
    N_ ("This invitation has expired or was used before. Ask your secretariat for a new one; each "
        "is good for one laptop and seven days.") },
};

static const Sentence peer_sentences[] = {
  { VALISE_PEER_ERROR_NETWORK,
    N_ ("The secretariat's server does not answer. Check that this laptop has a network, then try "
        "again.") },
  { VALISE_PEER_ERROR_PORTAL,
    N_ ("A sign-in page answered instead of the secretariat. Sign in to this network in a web "
        "browser, then try again.") },
  { VALISE_PEER_ERROR_IDENTITY,
    N_ ("Whoever answered is not the secretariat's server, so nothing was sent. Try another "
        "network; if it happens there too, tell your secretariat.") },
  { VALISE_PEER_ERROR_CREDENTIALS,
    N_ ("The server no longer knows this laptop. Ask your secretariat for a new invitation.") },
  { VALISE_PEER_ERROR_FORBIDDEN,
    N_ ("The server does not let this account do that. If it should, ask your secretariat.") },
  { VALISE_PEER_ERROR_MISSING,
    N_ ("The server does not have it any more. Sync, then look again.") },
  { VALISE_PEER_ERROR_TOO_LARGE,
    N_ ("It is larger than the server accepts. Ask your secretariat how to deliver it.") },
  { VALISE_PEER_ERROR_BUSY,
    N_ ("The secretariat's server is busy. Valise tries again by itself in a moment.") },
  { VALISE_PEER_ERROR_SERVER,
    N_ ("The secretariat's server has a fault. Try again later; if it lasts, tell your "
        "secretariat.") },
  { VALISE_PEER_ERROR_PROTOCOL,
    N_ ("What answered does not speak as the secretariat's server does. Try another network; if "
        "it happens there too, tell your secretariat.") },
};

static const Sentence account_sentences[] = {
  { VALISE_ACCOUNT_ERROR_NONE,
    N_ ("This laptop has not joined a programme yet. Open the invitation your secretariat sent.") },
  { VALISE_ACCOUNT_ERROR_DAMAGED,
    N_ ("The account's file on this laptop is damaged. The papers are untouched; ask your "
        "secretariat for a new invitation.") },
  { VALISE_ACCOUNT_ERROR_NO_SECRET,
    N_ ("The keyring lacks this account's password. Unlock the keyring and start Valise again, or "
        "ask your secretariat for a new invitation.") },
};

static const Sentence library_sentences[] = {
  { VALISE_LIBRARY_ERROR_MISSING,
    N_ ("This paper is not in the record on this laptop. It may come with the next sync.") },
  { VALISE_LIBRARY_ERROR_NOT_HERE,
    N_ ("Its words are not on this laptop yet. Fetch them when there is a network.") },
};

static const Sentence file_sentences[] = {
  { G_FILE_ERROR_NOSPC, N_ ("The disk is full. Free some space; nothing that was here is lost.") },
  { G_FILE_ERROR_ACCES,
    N_ ("Valise may not write to its folder. Check who owns it, then try again.") },
  { G_FILE_ERROR_NOENT,
    N_ ("The file is not there any more. Check where it was saved, then open it again.") },
};

static const Sentence io_sentences[] = {
  { G_IO_ERROR_NO_SPACE, N_ ("The disk is full. Free some space; nothing that was here is lost.") },
  { G_IO_ERROR_NOT_FOUND,
    N_ ("The file is not there any more. Check where it was saved, then open it again.") },
  { G_IO_ERROR_PERMISSION_DENIED,
    N_ ("Valise may not read this file. Check who owns it, then try again.") },
  { G_IO_ERROR_NETWORK_UNREACHABLE,
    N_ ("This laptop has no network. Connect, then try again; everything here can be read "
        "meanwhile.") },
  { G_IO_ERROR_TIMED_OUT,
    N_ ("The secretariat's server does not answer. Check that this laptop has a network, then try "
        "again.") },
};

/* The store's errors, by the domain's name: the views do not see its headers. */
static const Sentence home_sentences[] = {
  { ANY_CODE, N_ ("Another program has this record open. Close it, then start Valise again.") },
};

static const Sentence store_sentences[] = {
  { ANY_CODE,
    N_ ("The record on this laptop could not be read or written. Check that the disk has room, "
        "then start Valise again.") },
};

static const Sentence bundle_sentences[] = {
  { VALISE_BUNDLE_ERROR_FOREIGN,
    N_ ("This file is not a bundle. Choose the file that ends in .valise-bundle, as it came.") },
  { VALISE_BUNDLE_ERROR_VERSION,
    N_ ("This bundle was written by a later Valise. Update Valise, then open it again.") },
  { VALISE_BUNDLE_ERROR_CUT,
    N_ ("This bundle is not whole, so nothing was taken from it. Copy it again from where it was "
        "written.") },
  { VALISE_BUNDLE_ERROR_DAMAGED,
    N_ ("This bundle was damaged on its way, so nothing was taken from it. Copy it again from "
        "where it was written.") },
  { VALISE_BUNDLE_ERROR_TOO_LARGE,
    N_ ("This bundle holds more than Valise reads. Ask for it in smaller ones.") },
  { VALISE_BUNDLE_ERROR_LOCKED,
    N_ ("This bundle is encrypted. Ask whoever wrote it for the passphrase.") },
  { VALISE_BUNDLE_ERROR_PASSPHRASE,
    N_ ("That is not the passphrase of this bundle. Ask whoever wrote it.") },
  { VALISE_BUNDLE_ERROR_PROGRAMME,
    N_ ("This bundle belongs to another programme, so nothing was taken from it. Ask for one of "
        "your own.") },
  { VALISE_BUNDLE_ERROR_WALL,
    N_ ("What is your team’s, or your desk’s, does not go there. Choose whom the bundle is for "
        "again.") },
  { VALISE_BUNDLE_ERROR_SECRET,
    N_ ("It holds what not everyone may read, so it goes only with a passphrase.") },
  { VALISE_BUNDLE_ERROR_EMPTY,
    N_ ("There is nothing to write for them yet. Choose more to go in, or sync first.") },
  { VALISE_BUNDLE_ERROR_TEAM,
    N_ ("This bundle opens on laptops that have its team’s papers, and this one has none yet. Ask "
        "for one with a passphrase.") },
};

static const Sentence pdf_sentences[] = {
  { VALISE_PDF_ERROR_DAMAGED, N_ ("This file is not a whole PDF, as its maker left it. Its words "
                                  "may be here all the same: go "
                                  "back and read them.") },
  { VALISE_PDF_ERROR_LOCKED, N_ ("This PDF asks for a password, so it cannot be shown. Ask whoever "
                                 "issued it for another.") },
  { VALISE_PDF_ERROR_TOO_LARGE,
    N_ ("This PDF is larger than Valise shows. Ask whoever issued it for a smaller one.") },
};

#define ROWS(table) table, G_N_ELEMENTS (table)

static const char *
find_sentence (const GError *error)
{
  const struct
  {
    GQuark          domain;
    const Sentence *sentences;
    gsize           n_sentences;
  } domains[] = {
    { VALISE_INVITATION_ERROR, ROWS (invitation_sentences) },
    { VALISE_PEER_ERROR, ROWS (peer_sentences) },
    { VALISE_ACCOUNT_ERROR, ROWS (account_sentences) },
    { VALISE_BUNDLE_ERROR, ROWS (bundle_sentences) },
    { VALISE_LIBRARY_ERROR, ROWS (library_sentences) },
    { VALISE_PDF_ERROR, ROWS (pdf_sentences) },
    { G_FILE_ERROR, ROWS (file_sentences) },
    { G_IO_ERROR, ROWS (io_sentences) },
    { g_quark_from_static_string ("valise_home_error-quark"), ROWS (home_sentences) },
    { g_quark_from_static_string ("valise_db_error-quark"), ROWS (store_sentences) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (domains); i++)
    for (gsize j = 0; domains[i].domain == error->domain && j < domains[i].n_sentences; j++)
      if (domains[i].sentences[j].code == error->code || domains[i].sentences[j].code == ANY_CODE)
        return _ (domains[i].sentences[j].sentence);

  return NULL;
}

char *
valise_sentence_for_error (const GError *error)
{
  const char *sentence = NULL;

  g_return_val_if_fail (error != NULL, NULL);

  sentence = find_sentence (error);
  if (sentence != NULL)
    return g_strdup (sentence);

  /* Translators: an error nobody foresaw; %s is its message, in English. */
  return g_strdup_printf (_ ("That did not work: %s. Try again; if it lasts, tell your "
                             "secretariat."),
                          error->message);
}

char *
valise_sentence_for_problem (ValiseSyncProblem problem)
{
  switch (problem)
    {
    case VALISE_PROBLEM_NONE:
      return NULL;
    case VALISE_PROBLEM_NO_NETWORK:
      return g_strdup (_ ("This laptop has no network. Everything here can be read; Valise goes on "
                          "when there is one."));
    case VALISE_PROBLEM_UNREACHABLE:
      return g_strdup (_ ("The secretariat's server does not answer. Valise tries again by itself; "
                          "everything here can be read meanwhile."));
    case VALISE_PROBLEM_PORTAL:
      return g_strdup (_ ("A sign-in page answered instead of the secretariat. Sign in to this "
                          "network in a web browser, then Sync Now."));
    case VALISE_PROBLEM_IDENTITY:
      return g_strdup (_ ("Whoever answered is not the secretariat's server, so nothing was sent. "
                          "Try another network; if it happens there too, tell your secretariat."));
    case VALISE_PROBLEM_CREDENTIALS:
      return g_strdup (_ ("The server no longer knows this laptop. Ask your secretariat for a new "
                          "invitation and open it here; what is here stays."));
    case VALISE_PROBLEM_SERVER:
      return g_strdup (_ ("The secretariat's server has a fault. Valise tries again by itself; if "
                          "it lasts, tell your secretariat."));
    case VALISE_PROBLEM_DISK:
      return g_strdup (_ ("There is no room on this laptop's disk, or Valise may not write to it. "
                          "Free some space, then Sync Now."));
    case VALISE_PROBLEM_REFUSED:
      return g_strdup (_ ("Something that arrived was not as its seal says, and was not added. "
                          "What was here is untouched; tell your secretariat which."));
    default:
      return g_strdup (_ ("The last sync did not end well. Valise tries again by itself."));
    }
}

static char *
describe_reached (gint64 reached_us, gboolean offline)
{
  g_autofree char *moment = reached_us > 0 ? valise_format_moment (reached_us) : NULL;

  if (moment == NULL)
    return g_strdup (offline ? _ ("Offline, not reached yet") : _ ("Not reached yet"));
  /* Translators: %s is a time, "14:05", or a day and a time. */
  return offline ? g_strdup_printf (_ ("Offline since %s"), moment)
                 /* Translators: the secretariat was; %s as in "Offline since %s". */
                 : g_strdup_printf (_ ("Reached at %s"), moment);
}

static char *
describe_receiving (guint64 received, guint64 expected, guint64 bytes)
{
  g_autofree char *size = valise_format_size (bytes);

  if (expected > 0)
    /* Translators: records that came: "120 of 330 documents · 410 kB". */
    return g_strdup_printf (ngettext ("%1$u of %2$u document · %3$s",
                                      "%1$u of %2$u documents · %3$s", (gulong) expected),
                            (guint) received, (guint) expected, size);

  return g_strdup_printf (
      /* Translators: records that came: "120 documents · 410 kB". */
      ngettext ("%1$u document · %2$s", "%1$u documents · %2$s", (gulong) received),
      (guint) received, size);
}

static char *
describe_waiting (guint64 waiting)
{
  if (waiting == 0)
    return g_strdup ("");

  return g_strdup_printf (
      ngettext ("%u waiting to be sent", "%u waiting to be sent", (gulong) waiting),
      (guint) waiting);
}

void
valise_status_read (ValiseStatus *status, ValiseScheduler *scheduler)
{
  ValiseSyncPhase phase = VALISE_SYNC_LOCAL;
  guint64         received = 0;
  guint64         expected = 0;
  guint64         bytes = 0;
  guint64         waiting = 0;

  if (scheduler != NULL)
    {
      phase = valise_scheduler_get_phase (scheduler);
      g_object_get (scheduler, "documents-received", &received, "documents-expected", &expected,
                    "bytes-received", &bytes, "waiting", &waiting, NULL);
    }

  *status = (ValiseStatus){ .icon = "valise-arriving-symbolic" };
  if (phase == VALISE_SYNC_LOCAL)
    {
      status->icon = "valise-bundle-symbolic";
      status->title = g_strdup (_ ("Sample programme"));
      status->detail = g_strdup (_ ("On this laptop only"));
      return;
    }

  if (phase == VALISE_SYNC_RECEIVING)
    {
      status->title = g_strdup (_ ("Receiving"));
      status->detail = describe_receiving (received, expected, bytes);
      return;
    }

  status->detail = describe_waiting (waiting);
  if (phase == VALISE_SYNC_SENDING)
    status->title = g_strdup (_ ("Sending"));
  else
    status->title = describe_reached (valise_scheduler_get_last_reached (scheduler),
                                      phase == VALISE_SYNC_WAITING);
  status->icon = phase == VALISE_SYNC_WAITING ? "valise-offline-symbolic"
                 : waiting > 0                ? "valise-waiting-symbolic"
                                              : "valise-receipt-symbolic";
}

void
valise_status_clear (ValiseStatus *status)
{
  g_clear_pointer (&status->title, g_free);
  g_clear_pointer (&status->detail, g_free);
}
