/* valise-search-index.h - search.sqlite: what is on this laptop, by word and by place
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Derived data: it may be dropped and is then rebuilt. A thread of its own follows the
 * changes feed of each database added, with a checkpoint of its own, and asks the extractor
 * (programme's) what a document says. Everything else here reads; any thread; blocks.
 */

#pragma once

#include "valise-database.h"
#include "valise-file-store.h"

G_BEGIN_DECLS

/* One paragraph of a text, as it is searched and quoted. */
typedef struct
{
  char *key;    /* the paragraph's stable key */
  char *number; /* "3", "3 (a)", "PP2"; NULL without one */
  char *text;   /* plain, inline tags taken out */
} ValiseIndexParagraph;

/* A file that a document names and that has words to be read. */
typedef struct
{
  char  *sha256;
  char  *language; /* NULL: none in particular */
  char  *title;    /* of the document, in that language; or NULL */
  char  *summary;  /* JSON text for whoever lists it, opaque here */
  gint64 length;   /* bytes */
} ValiseIndexOriginal;

/* What the index keeps of a document. Zeroed by the caller; strings owned by the entry. */
typedef struct
{
  char      *type;  /* "paper", "text", "meeting"…: listed by type */
  char      *group; /* what belongs together in a result: the symbol */
  char      *title;
  char      *language; /* of a text; NULL: none */
  char      *symbol;
  char      *kind;       /* "resolution", "working-paper"… */
  char      *date;       /* "2026-06-30" */
  char      *meeting;    /* id of the meeting document */
  char      *item;       /* agenda item, "5"; */
  char      *author;     /* participant or body */
  char      *order;      /* sort key within its list; NULL: by date, newest first */
  char      *summary;    /* JSON text for whoever lists it, opaque here */
  char      *file;       /* of the index's own making: the SHA-256 of the file it stands for */
  GPtrArray *paragraphs; /* (element-type ValiseIndexParagraph), may be NULL */
  GPtrArray *originals;  /* (element-type ValiseIndexOriginal), may be NULL */
} ValiseIndexEntry;

void valise_index_paragraph_free (ValiseIndexParagraph *paragraph);
void valise_index_original_free (ValiseIndexOriginal *original);
void valise_index_entry_clear (ValiseIndexEntry *entry);

/* Fills @entry from a document that is here (or, with a NULL body, known); FALSE: not indexed.
 * Called on the indexer's thread and on those that search (a snippet is cut from the document
 * as it is now, so the index need not keep the text), so @user_data is safe to share. */
typedef gboolean (*ValiseIndexFunc) (const char           *database,
                                     const ValiseDocument *document,
                                     const ValiseJson     *json, /* NULL: not here */
                                     ValiseIndexEntry     *entry,
                                     gpointer              user_data);

/* Reads the words of a file that is here, a page at a time: given from above, for the store knows
 * no format. On the indexer's thread alone. What it reads is others' making. */
typedef struct
{
  /* @n_pages: (out): at least 1. NULL with an error where the file can't be read, which is then
   * not tried again. */
  gpointer (*open) (GBytes *bytes, guint *n_pages, GError **error);
  char *(*dup_page) (gpointer opened, guint page); /* from 0; "" where it has no words */
  void (*close) (gpointer opened);
} ValiseIndexReader;

/* Limits of it: past them, what was read until then is what is found. */
#define VALISE_INDEX_MAX_FILE  (64 * 1024 * 1024)        /* bytes; a longer file is not read */
#define VALISE_INDEX_MAX_PAGES 1000                      /* of a file */
#define VALISE_INDEX_MAX_WORDS (4 * 1024 * 1024)         /* bytes of text of a file */
#define VALISE_INDEX_MAX_US    (30 * G_TIME_SPAN_SECOND) /* of reading a file */

/* Opens the store of files; called once, on the indexer's thread. (transfer none) */
typedef ValiseFileStore *(*ValiseIndexFiles) (gpointer user_data, GError **error);

#define VALISE_INDEX_TYPE_FILE "file" /* an entry's that stands for an original */

#define VALISE_TYPE_SEARCH_INDEX (valise_search_index_get_type ())

/* Signal "changed": entries came or went; in the opener's main context, coalesced. */
G_DECLARE_FINAL_TYPE (ValiseSearchIndex, valise_search_index, VALISE, SEARCH_INDEX, GObject)

/* A damaged or outdated file is dropped and made anew. @version: of @func's meaning; another
 * than the file's rebuilds it. */
ValiseSearchIndex *valise_search_index_open (const char     *path,
                                             guint           version,
                                             ValiseIndexFunc func,
                                             gpointer        user_data,
                                             GError        **error) G_GNUC_WARN_UNUSED_RESULT;
void               valise_search_index_close (ValiseSearchIndex *self);

/* From now on follows @database too. */
void valise_search_index_add (ValiseSearchIndex *self, ValiseDatabase *database);

/* From now on the words of files that are here are found, too, a document's originals; of one
 * that is given up they go. @reader: lent for the index's life. To be called once. */
void valise_search_index_read_files (ValiseSearchIndex       *self,
                                     const ValiseIndexReader *reader,
                                     ValiseIndexFiles         files,
                                     gpointer                 user_data);

/* Waits until everything written before the call is searchable, or @timeout_ms passed. */
gboolean valise_search_index_catch_up (ValiseSearchIndex *self, guint timeout_ms);

/* Whether documents that are here are not searchable yet. Of their files it says nothing. Does not
 * block. */
gboolean valise_search_index_is_behind (ValiseSearchIndex *self);

/* Waits until it is at rest, too: what was written piece by piece is merged, so that a search has
 * few places to look at. FALSE where @timeout_ms passed. */
gboolean valise_search_index_wait_tidy (ValiseSearchIndex *self, guint timeout_ms);

/* What to list or search; every member may be NULL (no restriction). Lent. */
typedef struct
{
  const char *type;
  const char *kind;
  const char *meeting;
  const char *item;
  const char *author;
  const char *language; /* of a text here; papers list those with one */
  const char *symbol;
} ValiseIndexFilter;

typedef struct
{
  gint64 row; /* its place in the index, for valise_search_index_get_rows() */
  char  *meeting;
  char  *item;
} ValiseIndexRow;

typedef struct
{
  gint64 row;
  char  *database, *id, *type, *group, *title, *language, *symbol, *kind, *date, *meeting, *item,
      *author, *summary, *file; /* file: the SHA-256, of an entry that stands for one */
  gboolean here;
  gint64   size;
} ValiseIndexRecord;

void valise_index_record_free (ValiseIndexRecord *record);

/* The rows that match, ordered for a list: by meeting (newest first), item (numerically),
 * order, date. Returns: (element-type ValiseIndexRow): an array of structs whose strings it
 * owns. 50,000 rows in a few tens of milliseconds. */
GArray *valise_search_index_list (ValiseSearchIndex       *self,
                                  const ValiseIndexFilter *filter,
                                  GError                 **error);

/* The records of @rows. Returns: (element-type ValiseIndexRecord), in the same order. */
GPtrArray *valise_search_index_get_rows (ValiseSearchIndex *self,
                                         const gint64      *rows,
                                         guint              n_rows,
                                         GError           **error);

/* Records of one group (a paper and its texts, not its files), or by database and id. */
GPtrArray         *valise_search_index_get_group (ValiseSearchIndex *self,
                                                  const char        *group,
                                                  GError           **error);
ValiseIndexRecord *valise_search_index_get (ValiseSearchIndex *self,
                                            const char        *database,
                                            const char        *id,
                                            GError           **error);

/* One hit: a text in a language, its best paragraph, and a snippet of it. Of a file, only where
 * no text of its group and language was found, which would say the same. */
typedef struct
{
  ValiseIndexRecord *record;
  char              *paragraph; /* number, of a file that of the page, from 1; or NULL: the title
                                   or symbol matched */
  char   *key;                  /* the paragraph's key, or NULL */
  char   *snippet;              /* plain text, at most about 200 characters, "…" where cut */
  GArray *marks; /* guint pairs: byte offsets in snippet of each match, start and end */
  double  rank;  /* higher is better */
} ValiseHit;

void valise_hit_free (ValiseHit *hit);

#define VALISE_SEARCH_MAX_WEIGHED 1500 /* texts of a language in one search */

/* Full-text search as one types: words in any order, the last one also as a prefix, "quoted
 * phrases", a symbol or a part of one. Hits come best first, those of one group together at
 * the group's best place. @total: (out) (nullable): groups found, beyond @limit groups; where
 * the words are in more than VALISE_SEARCH_MAX_WEIGHED texts of a language, those that came
 * last and those with the words in the title are weighed and counted, the others not. Never fails
 * for what the user typed: an empty or odd query finds nothing. */
GPtrArray *valise_search_index_search (ValiseSearchIndex       *self,
                                       const char              *query,
                                       const ValiseIndexFilter *filter,
                                       guint                    limit,
                                       guint                   *total,
                                       GCancellable            *cancellable,
                                       GError                 **error);

/* Distinct values of a column ("meeting", "item", "author", "kind", "language") with counts, for
 * filters: (element-type ValiseIndexCount). */
typedef struct
{
  char *value;
  guint count;
} ValiseIndexCount;

GArray *valise_search_index_count (ValiseSearchIndex       *self,
                                   const char              *column,
                                   const ValiseIndexFilter *filter,
                                   GError                 **error);

/* How many entries of @type are here, by meeting, in (element-type ValiseIndexCount); of those
 * without a meeting the value is NULL. Of all at once, and so soon told. Fails with any
 * #ValiseDbError. */
GArray *valise_search_index_count_here (ValiseSearchIndex *self, const char *type, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseIndexOriginal, valise_index_original_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseIndexRecord, valise_index_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseHit, valise_hit_free)

G_END_DECLS
