/* fuzz-pairing.c - a stranger's words, in any order, to one who is being paired
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The first byte says which of the two hears them; then lines, "c…" for a commitment and "n…" for
 * a nonce. "!" in their place is the word that an honest other would say.
 */

#include "fuzz.h"
#include "valise-key.h"
#include "valise-pairing.h"

typedef struct
{
  ValisePairing *self;
  ValisePairing *other;
  gboolean       listens;
  gboolean       committed; /* a commitment was taken */
  gboolean       heard;     /* a nonce was taken */
} Talk;

static char *
make_key (void)
{
  g_autoptr (ValiseKey) key = valise_key_generate (NULL);

  return g_strdup (valise_key_get_public (key));
}

/* Nobody is shown the nonce before they are bound, nor a code that they had a say in. */
static void
check (Talk *talk)
{
  if (talk->listens ? !talk->heard : !talk->committed)
    g_assert_null (valise_pairing_get_nonce (talk->self));
  if (!talk->heard)
    g_assert_null (valise_pairing_get_code (talk->self));
}

static void
say (Talk *talk, const char *line)
{
  gboolean           commitment = line[0] == 'c';
  const char        *word = line + 1;
  g_autoptr (GError) error = NULL;
  gboolean           taken = FALSE;

  if (line[0] != 'c' && line[0] != 'n')
    return;
  if (strcmp (word, "!") == 0)
    word = commitment ? (talk->listens ? NULL : valise_pairing_get_commitment (talk->other))
                      : valise_pairing_get_nonce (talk->other);
  if (word == NULL || (commitment && talk->listens))
    return;
  taken = commitment ? valise_pairing_take_commitment (talk->self, word, &error)
                     : valise_pairing_take_nonce (talk->self, word, &error);
  g_assert_true (taken == (error == NULL));
  if (!commitment && taken && !talk->listens)
    g_assert_true (talk->committed); /* it fitted something */
  talk->committed |= commitment && taken;
  talk->heard |= !commitment && taken;
  check (talk);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static char     *own, *theirs;
  g_autofree char *text = fuzz_dup_text (data, size);
  g_auto (GStrv)   lines = g_strsplit (text + MIN (size, 1), "\n", 64);
  Talk             talk = { .listens = size > 0 && data[0] % 2 == 0 };

  if (own == NULL)
    {
      own = make_key ();
      theirs = make_key ();
    }
  talk.self = valise_pairing_new (own, theirs, talk.listens, NULL);
  talk.other = valise_pairing_new (theirs, own, !talk.listens, NULL);
  g_assert_true (talk.self != NULL && talk.other != NULL);
  check (&talk);
  for (guint i = 0; lines[i] != NULL; i++)
    say (&talk, lines[i]);
  valise_pairing_free (talk.self);
  valise_pairing_free (talk.other);
  return 0;
}
