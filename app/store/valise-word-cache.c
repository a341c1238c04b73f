/* valise-word-cache.c - the words of a language seen so far, their stems and frequencies
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-word-cache"

#include "config.h"

#include <string.h>

#include "valise-stem.h"
#include "valise-word-cache.h"

#define FIRST_SLOTS 1024  /* a power of two */
#define MANY_WORDS  65536 /* some 5 MB: forgotten when told */

/* The hash stands beside the word, so that a stranger is passed without being looked at. */
typedef struct
{
  guint32     hash;
  ValiseWord *word; /* NULL: free */
} Slot;

struct _ValiseWordCache
{
  ValiseStemmer *stemmer;
  Slot          *slots; /* open addressing, at most half full */
  guint          n_slots;
  guint          n_words;
  GPtrArray     *dirty;    /* (element-type ValiseWord), lent from slots */
  guint32        document; /* 0: words are not counted */
};

static inline guint32
hash_word (const char *word, guint length)
{
  guint32 hash = 2166136261u;

  for (guint i = 0; i < length; i++)
    hash = (hash ^ (guchar) word[i]) * 16777619u;

  return hash ^ hash >> 15;
}

static inline Slot *
find_slot (ValiseWordCache *self, guint32 hash, const char *word, guint length)
{
  guint at = hash & (self->n_slots - 1);

  while (self->slots[at].word != NULL
         && (self->slots[at].hash != hash || self->slots[at].word->length != length
             || memcmp (self->slots[at].word->text, word, length) != 0))
    at = (at + 1) & (self->n_slots - 1);

  return &self->slots[at];
}

static void
grow (ValiseWordCache *self)
{
  g_autofree Slot *old = self->slots;
  guint            n_old = self->n_slots;

  self->n_slots *= 2;
  self->slots = g_new0 (Slot, self->n_slots);
  for (guint i = 0; i < n_old; i++)
    if (old[i].word != NULL)
      *find_slot (self, old[i].hash, old[i].word->text, old[i].word->length) = old[i];
}

static ValiseWord *
make_word (ValiseWordCache *self, const char *word, guint length, ValiseScript scripts)
{
  ValiseStem  stem;
  ValiseWord *made = NULL;
  char       *at = NULL;

  valise_stemmer_run (self->stemmer, word, length, scripts, &stem);
  made = g_malloc0 (sizeof (ValiseWord) + length + stem.length + stem.other_length + 3);
  made->length = length;
  made->stem_length = stem.length;
  made->other_length = stem.other_length;
  at = mempcpy (made->text, word, length) + 1;
  at = mempcpy (at, stem.stem, stem.length) + 1;
  memcpy (at, stem.other, stem.other_length);

  return made;
}

static inline void
count (ValiseWordCache *self, ValiseWord *word)
{
  if (self->document == 0 || word->seen == self->document)
    return;
  word->seen = self->document;
  word->fresh++;
  if (!word->dirty)
    {
      word->dirty = TRUE;
      g_ptr_array_add (self->dirty, word);
    }
}

ValiseWordCache *
valise_word_cache_new (const char *language)
{
  ValiseWordCache *self = g_new0 (ValiseWordCache, 1);

  self->stemmer = valise_stemmer_new (language);
  self->n_slots = FIRST_SLOTS;
  self->slots = g_new0 (Slot, self->n_slots);
  self->dirty = g_ptr_array_new ();

  return self;
}

static void
forget (ValiseWordCache *self)
{
  for (guint i = 0; i < self->n_slots; i++)
    g_clear_pointer (&self->slots[i].word, g_free);
  g_ptr_array_set_size (self->dirty, 0);
  self->n_words = 0;
}

void
valise_word_cache_free (ValiseWordCache *self)
{
  forget (self);
  g_clear_pointer (&self->slots, g_free);
  g_clear_pointer (&self->dirty, g_ptr_array_unref);
  g_clear_pointer (&self->stemmer, valise_stemmer_free);
  g_free (self);
}

const ValiseWord *
valise_word_cache_get (ValiseWordCache *self, const char *word, guint length, ValiseScript scripts)
{
  guint32     hash = hash_word (word, length);
  Slot       *slot = find_slot (self, hash, word, length);
  ValiseWord *found = slot->word;

  if (found == NULL)
    {
      found = make_word (self, word, length, scripts);
      /* What counts words drains them; a search's are forgotten here. */
      if (self->document == 0 && self->n_words > MANY_WORDS)
        {
          forget (self);
          slot = find_slot (self, hash, word, length);
        }
      *slot = (Slot){ hash, found };
      if (++self->n_words * 2 > self->n_slots)
        grow (self);
    }
  count (self, found);

  return found;
}

void
valise_word_cache_begin_document (ValiseWordCache *self)
{
  self->document++;
}

gboolean
valise_word_cache_drain (ValiseWordCache *self,
                         gboolean         all,
                         ValiseWordFunc   func,
                         gpointer         user_data)
{
  gboolean many = self->n_words > MANY_WORDS;
  guint    kept = 0;

  for (guint i = 0; i < self->dirty->len; i++)
    {
      ValiseWord *word = self->dirty->pdata[i];

      if (!all && !many && word->fresh < word->told)
        {
          self->dirty->pdata[kept++] = word;
          continue;
        }
      if (!func (word->text, valise_word_get_stem (word), word->fresh, user_data))
        return FALSE;
      word->told += word->fresh;
      word->fresh = 0;
      word->dirty = FALSE;
    }
  g_ptr_array_set_size (self->dirty, kept);
  if (many)
    forget (self);

  return TRUE;
}
