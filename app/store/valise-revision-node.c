/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-revision-node"

#include "config.h"

#include <string.h>

#include "valise-revision-node.h"
#include "valise-revision.h"

#define N_KEYS 4 /* 32-bit words of a digest */

/* The bytes of a tree: FORMAT, the number of nodes, then each node, parents first: its
 * generation less the one before; how many nodes back its parent is, 0 for none; its flags;
 * its hash, 16 bytes, or with TEXT a length and characters. Numbers are LEB128. */
#define FORMAT  1
#define DELETED (1u << 0)
#define HERE    (1u << 1)
#define INNER   (1u << 2)
#define TEXT    (1u << 3)

static gboolean
read_digest (const char *hash, guint8 digest[16])
{
  for (guint i = 0; i < 32; i++)
    {
      int digit = g_ascii_xdigit_value (hash[i]);

      if (digit < 0)
        return FALSE;
      digest[i / 2] = (guint8) (digest[i / 2] << 4 | digit);
    }
  return hash[32] == '\0';
}

void
valise_revision_node_init_hash (ValiseRevisionNode *self, guint generation, const char *hash)
{
  self->generation = generation;
  if (read_digest (hash, self->digest))
    return;

  memset (self->digest, 0, sizeof self->digest);
  self->text = g_strdup (hash);
}

gboolean
valise_revision_node_init (ValiseRevisionNode *self, const char *rev)
{
  const char *hash = NULL;
  guint       generation = 0;

  if (!valise_revision_parse (rev, &generation, &hash))
    return FALSE;

  valise_revision_node_init_hash (self, generation, hash);
  return TRUE;
}

void
valise_revision_node_clear (ValiseRevisionNode *self)
{
  g_clear_pointer (&self->text, g_free);
}

ValiseRevisionNode *
valise_revision_node_copy (const ValiseRevisionNode *key)
{
  ValiseRevisionNode *node = g_new0 (ValiseRevisionNode, 1);

  node->generation = key->generation;
  node->text = g_strdup (key->text);
  memcpy (node->digest, key->digest, sizeof node->digest);
  return node;
}

void
valise_revision_node_free (gpointer node)
{
  valise_revision_node_clear (node);
  g_free (node);
}

static gconstpointer
get_bytes (const ValiseRevisionNode *self, gsize *length)
{
  *length = self->text != NULL ? strlen (self->text) : sizeof self->digest;
  return self->text != NULL ? (gconstpointer) self->text : self->digest;
}

int
valise_revision_node_compare (const ValiseRevisionNode *a, const ValiseRevisionNode *b)
{
  gsize         a_length = 0;
  gsize         b_length = 0;
  gconstpointer a_bytes = get_bytes (a, &a_length);
  gconstpointer b_bytes = get_bytes (b, &b_length);
  int           order = 0;

  if (a->generation != b->generation)
    return a->generation < b->generation ? -1 : 1;

  order = memcmp (a_bytes, b_bytes, MIN (a_length, b_length));
  if (order == 0)
    order = (a_length > b_length) - (a_length < b_length);
  /* Sixteen characters that are the bytes of somebody's digest: apart, in an order. */
  if (order == 0)
    order = (b->text != NULL) - (a->text != NULL);
  return order;
}

static gpointer
make_keys (gpointer data)
{
  guint64 *keys = g_new (guint64, N_KEYS);

  for (gsize i = 0; i < N_KEYS; i++)
    keys[i] = (guint64) g_random_int () << 32 | g_random_int ();
  return keys;
}

/* A digest is whatever its sender wrote, so many may begin or end alike: under keys of this
 * process (a universal hash of four words) they still spread. */
guint
valise_revision_node_hash (gconstpointer node)
{
  static GOnce              once = G_ONCE_INIT;
  const ValiseRevisionNode *self = node;
  const guint64            *keys = g_once (&once, make_keys, NULL);
  guint32                   words[N_KEYS];
  guint64                   sum = 0;

  if (self->text != NULL)
    return g_str_hash (self->text) ^ self->generation;

  memcpy (words, self->digest, sizeof words);
  for (gsize i = 0; i < N_KEYS; i += 2)
    sum += (keys[i] + words[i]) * (keys[i + 1] + words[i + 1]);
  return (guint) (sum >> 32) ^ self->generation;
}

gboolean
valise_revision_node_equal (gconstpointer a, gconstpointer b)
{
  return valise_revision_node_compare (a, b) == 0;
}

char *
valise_revision_node_hash_to_string (const ValiseRevisionNode *self)
{
  static const char digits[] = "0123456789abcdef";
  char             *hash = NULL;

  if (self->text != NULL)
    return g_strdup (self->text);

  hash = g_malloc0 (33);
  for (guint i = 0; i < 16; i++)
    {
      hash[2 * i] = digits[self->digest[i] >> 4];
      hash[2 * i + 1] = digits[self->digest[i] & 15];
    }
  return hash;
}

char *
valise_revision_node_to_string (const ValiseRevisionNode *self)
{
  g_autofree char *hash = valise_revision_node_hash_to_string (self);

  return g_strdup_printf ("%u-%s", self->generation, hash);
}

/* --- bytes --------------------------------------------------------------------------- */

static void
append_number (GByteArray *out, guint number)
{
  guint8 byte = 0;

  do
    {
      byte = number & 0x7f;
      number >>= 7;
      byte |= number > 0 ? 0x80 : 0;
      g_byte_array_append (out, &byte, 1);
    }
  while (number > 0);
}

static void
append_node (GByteArray *out, const ValiseRevisionNode *node, guint place, guint base)
{
  gsize         length = 0;
  gconstpointer bytes = get_bytes (node, &length);

  append_number (out, node->generation - base);
  append_number (out, node->parent != NULL ? place - node->parent->mark : 0);
  append_number (out, (node->deleted ? DELETED : 0) | (node->here ? HERE : 0)
                          | (node->inner ? INNER : 0) | (node->text != NULL ? TEXT : 0));
  if (node->text != NULL)
    append_number (out, (guint) length);
  g_byte_array_append (out, bytes, (guint) length);
}

GBytes *
valise_revision_nodes_encode (GPtrArray *nodes)
{
  GByteArray *out = g_byte_array_sized_new (8 + nodes->len * 20);
  guint       base = 0;

  append_number (out, FORMAT);
  append_number (out, nodes->len);
  for (guint i = 0; i < nodes->len; i++)
    {
      ValiseRevisionNode *node = g_ptr_array_index (nodes, i);

      node->mark = i;
      append_node (out, node, i, base);
      base = node->generation;
    }
  return g_byte_array_free_to_bytes (out);
}

typedef struct
{
  const guint8 *next;
  const guint8 *end;
} Input;

static gboolean
read_number (Input *input, guint *number)
{
  guint64 value = 0;

  for (guint shift = 0; shift < 35 && input->next < input->end; shift += 7)
    {
      guint8 byte = *input->next++;

      value |= (guint64) (byte & 0x7f) << shift;
      if ((byte & 0x80) == 0)
        {
          *number = (guint) value;
          return value <= G_MAXUINT;
        }
    }
  return FALSE;
}

static gboolean
read_hash (Input *input, ValiseRevisionNode *node, gboolean is_text)
{
  guint length = sizeof node->digest;

  if (is_text && (!read_number (input, &length) || length == 0))
    return FALSE;
  if (length > (gsize) (input->end - input->next))
    return FALSE;

  if (is_text)
    node->text = g_strndup ((const char *) input->next, length);
  else
    memcpy (node->digest, input->next, length);
  input->next += length;
  return TRUE;
}

static gboolean
read_node (Input *input, GPtrArray *nodes, guint *base)
{
  ValiseRevisionNode *node = g_new0 (ValiseRevisionNode, 1);
  guint               rise = 0;
  guint               back = 0;
  guint               flags = 0;
  guint               place = nodes->len;

  g_ptr_array_add (nodes, node);
  if (!read_number (input, &rise) || !read_number (input, &back) || !read_number (input, &flags)
      || rise > VALISE_REVISION_MAX_GENERATION - *base || back > place
      || !read_hash (input, node, (flags & TEXT) != 0))
    return FALSE;

  *base += rise;
  node->generation = *base;
  node->parent = back > 0 ? g_ptr_array_index (nodes, place - back) : NULL;
  node->deleted = (flags & DELETED) != 0;
  node->here = (flags & HERE) != 0;
  node->inner = (flags & INNER) != 0;
  return node->generation > 0
         && (node->parent == NULL || node->parent->generation + 1 == node->generation);
}

GPtrArray *
valise_revision_nodes_decode (gconstpointer data, gsize length)
{
  g_autoptr (GPtrArray) nodes = g_ptr_array_new_with_free_func (valise_revision_node_free);
  Input                 input = { data, (const guint8 *) data + length };
  guint                 format = 0;
  guint                 n_nodes = 0;
  guint                 base = 0;

  if (data == NULL || !read_number (&input, &format) || format != FORMAT
      || !read_number (&input, &n_nodes))
    return NULL;
  for (guint i = 0; i < n_nodes; i++)
    if (!read_node (&input, nodes, &base))
      return NULL;

  return input.next == input.end ? g_steal_pointer (&nodes) : NULL;
}
