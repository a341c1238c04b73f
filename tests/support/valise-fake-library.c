/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "valise-fake.h"
#include "valise-language.h"
#include "valise-pdf-words.h"
#include "valise-reading.h"

#define PLENARY  "meeting:plenary"
#define THEMATIC "meeting:thematic"

static guint extra_papers = 0;
static guint lines_per_text = 0;

/* --- what there is -------------------------------------------------------------------------- */

typedef struct
{
  const char *symbol, *title, *french, *arabic, *kind, *date, *meeting, *item, *author;
  const char *here;   /* languages here, by letters of two */
  const char *absent; /* languages known, not here */
} FakePaper;

static const FakePaper papers[] = {
  { "A/AC.292/2026/WP.17", "Norms in practice: reporting what States have done",
    "Les normes en pratique\u00a0: rendre compte de ce que les États ont fait",
    "القواعد في الممارسة: الإبلاغ عما قامت به الدول", "working-paper", "2026-06-30", PLENARY, "5",
    "Kestria", "en fr", "es" },
  { "A/AC.292/2026/WP.18", "Capacity and the framework: a shared baseline", NULL, NULL,
    "working-paper", "2026-07-01", PLENARY, "5", "Oriva", "en es", "fr" },
  { "A/AC.292/2026/CRP.2", "Chair’s draft elements for the outcome", NULL, NULL, "paper",
    "2026-07-17", PLENARY, "6", "Chair", "en", "fr" },
  { "A/AC.292/2026/INF.1", "Information for participants",
    "Informations à l’intention des participants", NULL, "note", "2026-07-10", PLENARY, "7",
    "Secretariat", "en fr ar es ru zh", "" },
  { "A/RES/77/37", "Programme of action to advance responsible State behaviour", NULL, NULL,
    "resolution", "2022-12-07", NULL, NULL, "General Assembly", "en fr ar es ru zh", "" },
  { "A/RES/78/16", "Programme of action, continued", NULL, NULL, "resolution", "2023-12-04", NULL,
    NULL, "General Assembly", "en fr", "ar" },
  { "A/AC.292/2026/WP.20", "Points of contact: a year of exercises", NULL, NULL, "working-paper",
    "2026-07-12", THEMATIC, "2", "Lindava", "fr", "en" },
};

static const struct
{
  const char *id, *title, *start, *end, *venue, *zone;
} meetings[] = {
  { THEMATIC, "Thematic group 1", "2026-12-07", "2026-12-08", "Palais des Nations",
    "Europe/Zurich" },
  { PLENARY, "First substantive plenary", "2026-07-20", "2026-07-24", "Trusteeship Council Chamber",
    "America/New_York" },
  { "meeting:organizational", "Organizational session", "2026-03-30", "2026-03-31",
    "Conference Room 1", "America/New_York" },
};

static const struct
{
  const char *meeting, *number, *title, *starts;
  int         minutes;
} items[] = {
  { PLENARY, "5", "Norms of responsible behaviour", "2026-07-21T10:00", 105 },
  { PLENARY, "6", "Capacity-building", "2026-07-21T15:00", 120 },
  { PLENARY, "7", "Other matters", "2026-07-22T10:00", 60 },
  { THEMATIC, "2", "Points of contact", "2026-12-07T10:00", 90 },
};

static const struct
{
  const char *language;
  const char *words[4];
} sentences[] = {
  { "en",
    { "<i>Noting</i> that the exercise of last spring<note ref=\"1\"/> showed how quickly a "
      "message between points of contact can travel when both know the form it takes,",
      "<i>Recalling</i> its resolution 77/37 and the elements in A/AC.292/2026/WP.18, and the "
      "offers of help that followed them,",
      "<i>Invites</i> participants to write down, once a year, what they did under each norm, "
      "and where they would welcome help;",
      "<i>Decides</i> that the record stays open to every participant, with or without a "
      "network." } },
  { "fr",
    { "<i>Notant</i> que l’exercice du printemps dernier<note ref=\"1\"/> a montré avec quelle "
      "rapidité un message peut circuler entre points de contact,",
      "<i>Rappelant</i> sa résolution 77/37 et les éléments figurant dans A/AC.292/2026/WP.18,",
      "<i>Invite</i> les participants à consigner chaque année ce qu’ils ont fait au titre de "
      "chaque norme ;",
      "<i>Décide</i> que les travaux restent ouverts à tous les participants." } },
  { "ar",
    { "<i>وإذ تلاحظ</i> أن تمرين الربيع الماضي<note ref=\"1\"/> أظهر سرعة انتقال الرسائل بين جهات "
      "الاتصال،",
      "<i>وإذ تشير</i> إلى قرارها 77/37 وإلى العناصر الواردة في A/AC.292/2026/WP.18،",
      "<i>تدعو</i> المشاركين إلى تدوين ما قاموا به كل سنة في إطار كل قاعدة؛",
      "<i>تقرر</i> أن يظل السجل مفتوحا أمام جميع المشاركين." } },
  { "es",
    { "<i>Observando</i> que el ejercicio de la primavera pasada<note ref=\"1\"/> mostró la "
      "rapidez "
      "de los mensajes entre puntos de contacto,",
      "<i>Recordando</i> su resolución 77/37 y los elementos de A/AC.292/2026/WP.18,",
      "<i>Invita</i> a los participantes a consignar cada año lo que hicieron;",
      "<i>Decide</i> que el registro siga abierto a todos los participantes." } },
  { "ru",
    { "<i>отмечая</i>, что учения прошлой весной<note ref=\"1\"/> показали, как быстро сообщение "
      "проходит между контактными пунктами,",
      "<i>ссылаясь</i> на свою резолюцию 77/37 и элементы документа A/AC.292/2026/WP.18,",
      "<i>предлагает</i> участникам ежегодно записывать, что они сделали;",
      "<i>постановляет</i>, что архив остается открытым для всех участников." } },
  { "zh",
    { "<i>注意到</i>去年春季的演练<note ref=\"1\"/>显示联络点之间的信息可以多么迅速地传递，",
      "<i>回顾</i>其第77/37号决议以及A/AC.292/2026/WP.18号文件所载要点，",
      "<i>邀请</i>与会者每年记录其在各项规范下采取的行动；",
      "<i>决定</i>记录继续向所有与会者开放。" } },
};

void
valise_fake_set_extra (guint n_papers)
{
  extra_papers = n_papers;
}

void
valise_fake_set_lines (guint n_lines)
{
  lines_per_text = n_lines;
}

G_DEFINE_QUARK (valise_library_error, valise_library_error)

/* --- version ------------------------------------------------------------------------------------
 */

struct _ValiseVersion
{
  GObject  parent_instance;
  char    *language;
  char    *id;
  gboolean here;
};

G_DEFINE_FINAL_TYPE (ValiseVersion, valise_version, G_TYPE_OBJECT)

static void
valise_version_finalize (GObject *object)
{
  ValiseVersion *self = VALISE_PAPER_VERSION (object);

  g_free (self->language);
  g_free (self->id);
  G_OBJECT_CLASS (valise_version_parent_class)->finalize (object);
}

static void
valise_version_class_init (ValiseVersionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = valise_version_finalize;
}

static void
valise_version_init (ValiseVersion *self)
{
}

const char *
valise_version_get_language (ValiseVersion *self)
{
  return self->language;
}

gboolean
valise_version_get_here (ValiseVersion *self)
{
  return self->here;
}

gint64
valise_version_get_size (ValiseVersion *self)
{
  return 41000;
}

const char *
valise_version_get_database (ValiseVersion *self)
{
  return "public";
}

const char *
valise_version_get_id (ValiseVersion *self)
{
  return self->id;
}

/* --- paper --------------------------------------------------------------------------------------
 */

struct _ValisePaper
{
  GObject     parent_instance;
  FakePaper   fake;
  char       *symbol;
  char       *title;
  gboolean    heading;
  gboolean    loaded;
  gboolean    unread;
  GListStore *versions;
};

G_DEFINE_FINAL_TYPE (ValisePaper, valise_paper, G_TYPE_OBJECT)

enum
{
  PROP_LOADED = 1,
};

static void
valise_paper_finalize (GObject *object)
{
  ValisePaper *self = VALISE_PAPER (object);

  g_free (self->symbol);
  g_free (self->title);
  g_clear_object (&self->versions);
  G_OBJECT_CLASS (valise_paper_parent_class)->finalize (object);
}

static void
valise_paper_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_boolean (value, VALISE_PAPER (object)->loaded);
}

static void
valise_paper_class_init (ValisePaperClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = valise_paper_finalize;
  object_class->get_property = valise_paper_get_property;
  g_object_class_install_property (
      object_class, PROP_LOADED,
      g_param_spec_boolean ("loaded", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
valise_paper_init (ValisePaper *self)
{
  self->versions = g_list_store_new (VALISE_TYPE_VERSION);
}

static void
add_versions (ValisePaper *self, const char *languages, gboolean here)
{
  g_auto (GStrv) codes = g_strsplit (languages, " ", -1);

  for (guint i = 0; codes[i] != NULL && *codes[i] != '\0'; i++)
    {
      g_autoptr (ValiseVersion) version = g_object_new (VALISE_TYPE_VERSION, NULL);

      version->language = g_strdup (codes[i]);
      version->id = g_strdup_printf ("text:%s:%s", self->symbol, codes[i]);
      version->here = here;
      g_list_store_append (self->versions, version);
    }
}

static gboolean
load_later (gpointer data)
{
  ValisePaper *self = data;

  self->loaded = TRUE;
  g_object_notify (G_OBJECT (self), "loaded");
  return G_SOURCE_REMOVE;
}

static ValisePaper *
new_paper (guint index, gboolean at_once)
{
  ValisePaper *self = g_object_new (VALISE_TYPE_PAPER, NULL);

  self->fake = papers[index % G_N_ELEMENTS (papers)];
  if (index < G_N_ELEMENTS (papers))
    self->symbol = g_strdup (self->fake.symbol);
  else
    self->symbol = g_strdup_printf ("A/AC.292/2026/WP.%u", 100 + index);
  self->title = g_strdup (self->fake.title);
  self->unread = index < 3;
  add_versions (self, self->fake.here, TRUE);
  add_versions (self, self->fake.absent, FALSE);
  if (at_once)
    self->loaded = TRUE;
  else
    g_idle_add_full (G_PRIORITY_HIGH, load_later, g_object_ref (self), g_object_unref);

  return self;
}

static ValisePaper *
new_heading (const char *title)
{
  ValisePaper *self = g_object_new (VALISE_TYPE_PAPER, NULL);

  self->title = g_strdup (title);
  self->heading = TRUE;
  self->loaded = TRUE;
  return self;
}

gboolean
valise_paper_is_heading (ValisePaper *self)
{
  return self->heading;
}

gboolean
valise_paper_get_loaded (ValisePaper *self)
{
  return self->loaded;
}

#define WHERE_LOADED(member) (self->loaded && !self->heading ? self->member : NULL)

const char *
valise_paper_get_symbol (ValisePaper *self)
{
  return WHERE_LOADED (symbol);
}

const char *
valise_paper_get_title (ValisePaper *self)
{
  return self->loaded ? self->title : NULL;
}

const char *
valise_paper_get_title_language (ValisePaper *self)
{
  return self->loaded ? "en" : NULL;
}

char *
valise_paper_dup_title_in (ValisePaper *self, const char *language)
{
  return g_strdup (strcmp (language, "fr") == 0   ? self->fake.french
                   : strcmp (language, "ar") == 0 ? self->fake.arabic
                                                  : self->title);
}

const char *
valise_paper_get_kind (ValisePaper *self)
{
  return WHERE_LOADED (fake.kind);
}

const char *
valise_paper_get_date (ValisePaper *self)
{
  return WHERE_LOADED (fake.date);
}

const char *
valise_paper_get_meeting (ValisePaper *self)
{
  return WHERE_LOADED (fake.meeting);
}

const char *
valise_paper_get_item (ValisePaper *self)
{
  return WHERE_LOADED (fake.item);
}

const char *
valise_paper_get_author (ValisePaper *self)
{
  return WHERE_LOADED (fake.author);
}

GListModel *
valise_paper_get_versions (ValisePaper *self)
{
  return G_LIST_MODEL (self->versions);
}

GListModel *
valise_paper_get_files (ValisePaper *self)
{
  static GListStore *none, *one;
  const char        *symbol = valise_paper_get_symbol (self);

  if (none == NULL)
    {
      g_autoptr (GObject) file = g_object_new (VALISE_TYPE_PAPER_FILE, NULL);

      none = g_list_store_new (G_TYPE_OBJECT);
      one = g_list_store_new (VALISE_TYPE_PAPER_FILE);
      g_list_store_append (one, file);
    }
  return G_LIST_MODEL (g_strcmp0 (symbol, "A/RES/77/37") == 0 ? one : none);
}

gboolean
valise_paper_get_unread (ValisePaper *self)
{
  return self->loaded && self->unread;
}

const char *const *
valise_paper_get_references (ValisePaper *self)
{
  static const char *const references[] = { "A/RES/77/37", "A/AC.292/2026/WP.18", NULL };

  return self->loaded && !self->heading ? references : NULL;
}

const char *
valise_paper_get_seal_key (ValisePaper *self)
{
  return self->loaded && !self->heading ? "4f2a8c1d90e3b756" : NULL;
}

/* Papers of before 2026 are from when seals did not say. */
const char *
valise_paper_get_issued (ValisePaper *self)
{
  const char *date = valise_paper_get_date (self);

  return date != NULL && g_str_has_prefix (date, "2026") ? "2026-07-18T09:12:00Z" : NULL;
}

gint64
valise_paper_get_issue (ValisePaper *self)
{
  return self->loaded && !self->heading ? 212 : 0;
}

const char *
valise_paper_get_source (ValisePaper *self)
{
  return self->loaded && g_str_has_prefix (self->symbol, "A/RES/")
             ? "United Nations Digital Library: unofficial copy"
             : NULL;
}

/* --- text
 * ------------------------------------------------------------------------------------------ */

struct _ValiseText
{
  GObject    parent_instance;
  char      *symbol;
  char      *language;
  char      *title;
  GPtrArray *lines;
};

G_DEFINE_FINAL_TYPE (ValiseText, valise_text, G_TYPE_OBJECT)

static void
line_free (gpointer data)
{
  ValiseLine *line = data;

  g_free (line->key);
  g_free (line->kind);
  g_free (line->number);
  g_free (line->text);
  g_free (line);
}

static void
valise_text_finalize (GObject *object)
{
  ValiseText *self = VALISE_TEXT (object);

  g_free (self->symbol);
  g_free (self->language);
  g_free (self->title);
  g_ptr_array_unref (self->lines);
  G_OBJECT_CLASS (valise_text_parent_class)->finalize (object);
}

static void
valise_text_class_init (ValiseTextClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = valise_text_finalize;
}

static void
valise_text_init (ValiseText *self)
{
  self->lines = g_ptr_array_new_with_free_func (line_free);
}

static void
add_line (ValiseText *self, char *key, const char *kind, char *number, const char *text, int level)
{
  ValiseLine *line = g_new0 (ValiseLine, 1);

  line->key = key;
  line->kind = g_strdup (kind);
  line->number = number;
  line->text = g_strdup (text);
  line->level = level;
  g_ptr_array_add (self->lines, line);
}

static void
fill_text (ValiseText *self, const char *const *words)
{
  guint operative = lines_per_text > 0 ? lines_per_text : 9;

  add_line (self, g_strdup ("h1"), VALISE_PARAGRAPH_HEADING, NULL,
            strcmp (self->language, "ar") == 0 ? "مقدمة" : "Introduction", 0);
  for (guint i = 2; i < 5; i++)
    add_line (self, g_strdup_printf ("p%u", i), VALISE_PARAGRAPH_PREAMBLE,
              g_strdup_printf ("PP%u", i), words[i % 2], 0);
  for (guint i = 1; i <= operative; i++)
    {
      add_line (self, g_strdup_printf ("o%u", i), VALISE_PARAGRAPH_OPERATIVE,
                g_strdup_printf ("%u", i), words[2 + i % 2], 0);
      /* The French counts one (a) that the others lack, as real ones sometimes do. */
      if (i % 4 == 3 || (i == 2 && strcmp (self->language, "fr") == 0))
        add_line (self, g_strdup_printf ("o%u.a", i), VALISE_PARAGRAPH_ITEM,
                  g_strdup_printf ("%u (a)", i), words[2], 1);
    }
  add_line (self, g_strdup ("n1"), VALISE_PARAGRAPH_NOTE, g_strdup ("1"), words[3], 0);
}

static ValiseText *
new_text (const char *symbol, const char *language)
{
  ValiseText *self = g_object_new (VALISE_TYPE_TEXT, NULL);

  self->symbol = g_strdup (symbol);
  self->language = g_strdup (language);
  self->title = g_strdup (papers[0].title);
  for (guint i = 0; i < G_N_ELEMENTS (papers); i++)
    if (strcmp (papers[i].symbol, symbol) == 0)
      {
        const char *title = strcmp (language, "fr") == 0   ? papers[i].french
                            : strcmp (language, "ar") == 0 ? papers[i].arabic
                                                           : NULL;

        g_free (self->title);
        self->title = g_strdup (title != NULL ? title : papers[i].title);
      }
  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    if (strcmp (sentences[i].language, language) == 0)
      fill_text (self, sentences[i].words);

  return self;
}

const char *
valise_text_get_symbol (ValiseText *self)
{
  return self->symbol;
}

const char *
valise_text_get_language (ValiseText *self)
{
  return self->language;
}

const char *
valise_text_get_title (ValiseText *self)
{
  return self->title;
}

guint
valise_text_get_n_lines (ValiseText *self)
{
  return self->lines->len;
}

const ValiseLine *
valise_text_get_line (ValiseText *self, guint index)
{
  return index < self->lines->len ? self->lines->pdata[index] : NULL;
}

char *
valise_text_dup_reference (ValiseText *self, guint index)
{
  const ValiseLine *line = valise_text_get_line (self, index);

  return line->number != NULL ? g_strdup_printf ("%s, para. %s", self->symbol, line->number)
                              : g_strdup (self->symbol);
}

int
valise_text_pair (ValiseText *self, guint index, ValiseText *other)
{
  const ValiseLine *line = valise_text_get_line (self, index);

  for (guint i = 0; i < other->lines->len; i++)
    if (strcmp (valise_text_get_line (other, i)->key, line->key) == 0)
      return (int) i;

  return -1;
}

/* --- meeting, item
 * ------------------------------------------------------------------------------------ */

struct _ValiseMeeting
{
  GObject parent_instance;
  guint   index;
};

G_DEFINE_FINAL_TYPE (ValiseMeeting, valise_meeting, G_TYPE_OBJECT)

static void
valise_meeting_class_init (ValiseMeetingClass *klass)
{
}

static void
valise_meeting_init (ValiseMeeting *self)
{
}

const char *
valise_meeting_get_id (ValiseMeeting *self)
{
  return meetings[self->index].id;
}

char *
valise_meeting_dup_title_in (ValiseMeeting *self, const char *language)
{
  return g_strdup (meetings[self->index].title);
}

const char *
valise_meeting_get_title (ValiseMeeting *self)
{
  return meetings[self->index].title;
}

const char *
valise_meeting_get_start (ValiseMeeting *self)
{
  return meetings[self->index].start;
}

const char *
valise_meeting_get_end (ValiseMeeting *self)
{
  return meetings[self->index].end;
}

const char *
valise_meeting_get_venue (ValiseMeeting *self)
{
  return meetings[self->index].venue;
}

const char *
valise_meeting_get_mark (ValiseMeeting *self)
{
  return NULL; /* all of these have days */
}

const char *
valise_meeting_get_time_zone (ValiseMeeting *self)
{
  return meetings[self->index].zone;
}

guint
valise_meeting_get_n_papers (ValiseMeeting *self)
{
  return 3;
}

struct _ValiseAgendaItem
{
  GObject     parent_instance;
  guint       index;
  GListStore *papers;
};

G_DEFINE_FINAL_TYPE (ValiseAgendaItem, valise_agenda_item, G_TYPE_OBJECT)

static void
valise_agenda_item_finalize (GObject *object)
{
  g_object_unref (VALISE_AGENDA_ITEM (object)->papers);
  G_OBJECT_CLASS (valise_agenda_item_parent_class)->finalize (object);
}

static void
valise_agenda_item_class_init (ValiseAgendaItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = valise_agenda_item_finalize;
}

static void
valise_agenda_item_init (ValiseAgendaItem *self)
{
  self->papers = g_list_store_new (VALISE_TYPE_PAPER);
}

const char *
valise_agenda_item_get_number (ValiseAgendaItem *self)
{
  return items[self->index].number;
}

const char *
valise_agenda_item_get_title (ValiseAgendaItem *self)
{
  return items[self->index].title;
}

const char *
valise_agenda_item_get_starts (ValiseAgendaItem *self)
{
  return items[self->index].starts;
}

int
valise_agenda_item_get_minutes (ValiseAgendaItem *self)
{
  return items[self->index].minutes;
}

GListModel *
valise_agenda_item_get_papers (ValiseAgendaItem *self)
{
  return G_LIST_MODEL (self->papers);
}

/* --- library
 * ------------------------------------------------------------------------------------------ */

struct _ValiseLibrary
{
  GObject parent_instance;
  char   *language;
};

G_DEFINE_FINAL_TYPE (ValiseLibrary, valise_library, G_TYPE_OBJECT)

static void
valise_library_finalize (GObject *object)
{
  g_free (VALISE_LIBRARY (object)->language);
  G_OBJECT_CLASS (valise_library_parent_class)->finalize (object);
}

static void
valise_library_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_string (value, VALISE_LIBRARY (object)->language);
}

static void
valise_library_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  ValiseLibrary *self = VALISE_LIBRARY (object);

  g_free (self->language);
  self->language = g_value_dup_string (value);
}

static void
valise_library_class_init (ValiseLibraryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = valise_library_finalize;
  object_class->get_property = valise_library_get_property;
  object_class->set_property = valise_library_set_property;
  g_object_class_install_property (
      object_class, 1,
      g_param_spec_string ("language", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  g_signal_new ("changed", VALISE_TYPE_LIBRARY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                0);
}

static void
valise_library_init (ValiseLibrary *self)
{
}

/* There is no home whose files might be read. */
void
valise_pdf_words_read_for (ValiseHome *home)
{
}

ValiseLibrary *
valise_library_new (ValiseHome *home, const char *language, GError **error)
{
  return g_object_new (VALISE_TYPE_LIBRARY, "language", language, NULL);
}

/* Fifty papers under a heading, made as they are looked at. */
typedef struct
{
  GObject parent_instance;
  guint   n_papers; /* when it was made: a model may not grow unsaid */
} FakeList;

typedef struct
{
  GObjectClass parent_class;
} FakeListClass;

#define GROUP 51

static GType
fake_list_get_item_type (GListModel *model)
{
  return VALISE_TYPE_PAPER;
}

static guint
fake_list_get_n_items (GListModel *model)
{
  guint n_papers = ((FakeList *) model)->n_papers;

  return n_papers + n_papers / (GROUP - 1) + 1;
}

static gpointer
fake_list_get_item (GListModel *model, guint position)
{
  g_autofree char *title = NULL;

  if (position >= fake_list_get_n_items (model))
    return NULL;
  if (position % GROUP != 0)
    return new_paper (position - position / GROUP - 1, FALSE);

  title = g_strdup_printf ("Item %u · Norms of responsible behaviour", 5 + position / GROUP);
  return new_heading (title);
}

static void
fake_list_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = fake_list_get_item_type;
  iface->get_n_items = fake_list_get_n_items;
  iface->get_item = fake_list_get_item;
}

static GType fake_list_get_type (void);

G_DEFINE_TYPE_WITH_CODE (FakeList,
                         fake_list,
                         G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, fake_list_iface_init))

static void
fake_list_class_init (FakeListClass *klass)
{
}

static void
fake_list_init (FakeList *self)
{
  self->n_papers = G_N_ELEMENTS (papers) + extra_papers;
}

static gboolean
paper_matches (const FakePaper *paper, guint index, const ValiseLibraryFilter *filter)
{
  return (filter->meeting == NULL || g_strcmp0 (filter->meeting, paper->meeting) == 0)
         && (filter->item == NULL || g_strcmp0 (filter->item, paper->item) == 0)
         && (filter->author == NULL || g_strcmp0 (filter->author, paper->author) == 0)
         && (filter->kind == NULL || g_strcmp0 (filter->kind, paper->kind) == 0)
         && (filter->language == NULL || strstr (paper->here, filter->language) != NULL)
         && (!filter->unread || index < 3);
}

static GListModel *
list_matching (const ValiseLibraryFilter *filter)
{
  GListStore *store = g_list_store_new (VALISE_TYPE_PAPER);

  for (guint i = 0; i < G_N_ELEMENTS (papers); i++)
    if (paper_matches (&papers[i], i, filter))
      {
        g_autoptr (ValisePaper) paper = new_paper (i, TRUE);

        g_list_store_append (store, paper);
      }
  return G_LIST_MODEL (store);
}

GListModel *
valise_library_list_papers (ValiseLibrary *self, const ValiseLibraryFilter *filter)
{
  if (filter != NULL
      && (filter->meeting != NULL || filter->item != NULL || filter->author != NULL
          || filter->kind != NULL || filter->language != NULL || filter->unread))
    return list_matching (filter);

  return g_object_new (fake_list_get_type (), NULL);
}

GListModel *
valise_library_list_arrived (ValiseLibrary *self, guint limit)
{
  GListStore *store = g_list_store_new (VALISE_TYPE_PAPER);

  for (guint i = 0; i < MIN (limit, 4); i++)
    {
      g_autoptr (ValisePaper) paper = new_paper (i, FALSE);

      g_list_store_append (store, paper);
    }
  return G_LIST_MODEL (store);
}

static GWeakRef listed_meetings;

void
valise_fake_meetings_change (void)
{
  g_autoptr (GListModel) meetings = g_weak_ref_get (&listed_meetings);
  guint                  n_meetings = g_list_model_get_n_items (meetings);

  g_list_model_items_changed (meetings, 0, n_meetings, n_meetings);
}

GListModel *
valise_library_list_meetings (ValiseLibrary *self)
{
  GListStore *store = g_list_store_new (VALISE_TYPE_MEETING);

  for (guint i = 0; i < G_N_ELEMENTS (meetings); i++)
    {
      g_autoptr (ValiseMeeting) meeting = g_object_new (VALISE_TYPE_MEETING, NULL);

      meeting->index = i;
      g_list_store_append (store, meeting);
    }
  g_weak_ref_set (&listed_meetings, store);
  return G_LIST_MODEL (store);
}

GListModel *
valise_library_list_agenda (ValiseLibrary *self, const char *meeting)
{
  GListStore *store = g_list_store_new (VALISE_TYPE_AGENDA_ITEM);

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    if (strcmp (items[i].meeting, meeting) == 0)
      {
        g_autoptr (ValiseAgendaItem) item = g_object_new (VALISE_TYPE_AGENDA_ITEM, NULL);

        item->index = i;
        for (guint j = 0; j < G_N_ELEMENTS (papers); j++)
          if (g_strcmp0 (papers[j].meeting, meeting) == 0
              && g_strcmp0 (papers[j].item, items[i].number) == 0)
            {
              g_autoptr (ValisePaper) paper = new_paper (j, FALSE);

              g_list_store_append (item->papers, paper);
            }
        g_list_store_append (store, item);
      }
  return G_LIST_MODEL (store);
}

guint
valise_library_get_n_papers (ValiseLibrary *self)
{
  return G_N_ELEMENTS (papers) + extra_papers;
}

guint
valise_library_get_n_unread (ValiseLibrary *self)
{
  return 3;
}

static gboolean behind;

gboolean
valise_library_is_behind (ValiseLibrary *self)
{
  return behind;
}

void
valise_fake_library_set_behind (ValiseLibrary *self, gboolean is_behind)
{
  behind = is_behind;
  g_signal_emit_by_name (self, "changed");
}

void
valise_library_list_values_async (ValiseLibrary             *self,
                                  const char                *column,
                                  const ValiseLibraryFilter *filter,
                                  GCancellable              *cancellable,
                                  GAsyncReadyCallback        callback,
                                  gpointer                   user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_auto (GStrv)    values = NULL;

  if (strcmp (column, "language") == 0)
    values = g_strsplit ("en\ten\t6|fr\tfr\t5|ar\tar\t2", "|", -1);
  else if (strcmp (column, "kind") == 0)
    values = g_strsplit ("working-paper\tworking-paper\t3|resolution\tresolution\t2", "|", -1);
  else if (strcmp (column, "author") == 0)
    values = g_strsplit ("Kestria\tKestria\t1|Oriva\tOriva\t1|Chair\tChair\t1", "|", -1);
  else if (strcmp (column, "meeting") == 0)
    values = g_strsplit (PLENARY "\tFirst substantive plenary\t4|" THEMATIC "\tThematic group 1\t1",
                         "|", -1);
  else
    values = g_strsplit ("5\t5\t2|6\t6\t1|7\t7\t1", "|", -1);
  g_task_return_pointer (task, g_steal_pointer (&values), (GDestroyNotify) g_strfreev);
}

char **
valise_library_list_values_finish (ValiseLibrary *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
valise_library_open_async (ValiseLibrary      *self,
                           const char         *symbol,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  const char       *number = strstr (symbol, "WP.");

  for (guint i = 0; i < G_N_ELEMENTS (papers); i++)
    if (strcmp (papers[i].symbol, symbol) == 0)
      {
        g_task_return_pointer (task, new_paper (i, TRUE), g_object_unref);
        return;
      }
  if (number != NULL && atoi (number + 3) >= 100)
    g_task_return_pointer (task, new_paper ((guint) atoi (number + 3) - 100, TRUE), g_object_unref);
  else
    g_task_return_new_error (task, VALISE_LIBRARY_ERROR, VALISE_LIBRARY_ERROR_MISSING, "No %s",
                             symbol);
}

ValisePaper *
valise_library_open_finish (ValiseLibrary *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
valise_library_read_async (ValiseLibrary      *self,
                           const char         *symbol,
                           const char         *language,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_return_pointer (task, new_text (symbol, language), g_object_unref);
}

ValiseText *
valise_library_read_finish (ValiseLibrary *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
valise_finding_free (ValiseFinding *finding)
{
  g_free (finding->symbol);
  g_free (finding->title);
  g_free (finding->kind);
  g_free (finding->date);
  g_free (finding->language);
  g_free (finding->paragraph);
  g_free (finding->key);
  g_free (finding->sha256);
  g_free (finding->file);
  g_free (finding->snippet);
  g_array_unref (finding->marks);
  g_free (finding);
}

static void
add_finding (GPtrArray *found, const FakePaper *paper, const char *language, const char *query)
{
  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    for (guint j = 0; strcmp (sentences[i].language, language) == 0 && j < 4; j++)
      {
        g_autofree char *plain = valise_markup_to_plain (sentences[i].words[j]);
        const char      *at = strstr (plain, query);
        ValiseFinding   *finding = NULL;
        guint            marks[2];

        if (at == NULL)
          continue;
        marks[0] = (guint) (at - plain);
        marks[1] = marks[0] + (guint) strlen (query);
        finding = g_new0 (ValiseFinding, 1);
        finding->symbol = g_strdup (paper->symbol);
        finding->title = g_strdup (paper->title);
        finding->kind = g_strdup (paper->kind);
        finding->date = g_strdup (paper->date);
        finding->language = g_strdup (language);
        finding->paragraph = g_strdup (j == 2 ? "4" : j == 3 ? "3" : "PP2");
        finding->key = g_strdup (j == 2 ? "o4" : j == 3 ? "o3" : "p2");
        finding->snippet = g_steal_pointer (&plain);
        finding->marks = g_array_new (FALSE, FALSE, sizeof (guint));
        g_array_append_vals (finding->marks, marks, 2);
        finding->n_languages = (guint) (strlen (paper->here) + 1) / 3;
        g_ptr_array_add (found, finding);
        return;
      }
}

/* The page of an original; its words are those of the tests' PDFs. */
static void
add_original (GPtrArray *found)
{
  const guint    marks[] = { 22, 27 };
  ValiseFinding *finding = g_new0 (ValiseFinding, 1);

  finding->symbol = g_strdup ("A/RES/77/37");
  finding->title = g_strdup ("Programme of action to advance responsible State behaviour");
  finding->kind = g_strdup ("resolution");
  finding->date = g_strdup ("2022-12-07");
  finding->language = g_strdup ("en");
  finding->sha256 = g_strdup (VALISE_FAKE_FILE);
  finding->file = g_strdup (VALISE_FAKE_FILE_NAME);
  finding->page = 4;
  finding->snippet = g_strdup ("Points of contact and norms");
  finding->marks = g_array_new (FALSE, FALSE, sizeof (guint));
  g_array_append_vals (finding->marks, marks, 2);
  g_ptr_array_add (found, finding);
}

void
valise_library_search_async (ValiseLibrary             *self,
                             const char                *query,
                             const ValiseLibraryFilter *filter,
                             guint                      limit,
                             GCancellable              *cancellable,
                             GAsyncReadyCallback        callback,
                             gpointer                   user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GPtrArray        *found = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_finding_free);

  for (guint i = 0; !behind && i < G_N_ELEMENTS (papers); i++)
    for (const char *const *code = valise_language_list (); *code != NULL; code++)
      if ((filter == NULL || paper_matches (&papers[i], i, filter))
          && strstr (papers[i].here, *code) != NULL)
        add_finding (found, &papers[i], *code, query);
  if (strcmp (query, VALISE_FAKE_FILE_WORD) == 0)
    add_original (found);
  g_task_return_pointer (task, found, (GDestroyNotify) g_ptr_array_unref);
}

GPtrArray *
valise_library_search_finish (ValiseLibrary *self,
                              GAsyncResult  *result,
                              guint         *total,
                              GError       **error)
{
  GPtrArray  *found = g_task_propagate_pointer (G_TASK (result), error);
  const char *last = "";

  *total = 0;
  for (guint i = 0; found != NULL && i < found->len; i++)
    {
      ValiseFinding *finding = found->pdata[i];

      *total += strcmp (finding->symbol, last) != 0;
      last = finding->symbol;
    }
  return found;
}

void
valise_library_mark_read (ValiseLibrary *self, const char *symbol, gboolean read)
{
}

/* --- travel ------------------------------------------------------------------------------------
 */

static void
add_need (ValiseTravelNeed *need, guint papers, guint64 bytes, const char *language)
{
  ValiseTravelText *text = g_new0 (ValiseTravelText, 1);

  text->database = g_strdup ("public");
  text->id = g_strdup_printf ("text:A/AC.292/2026/WP.17:%s", language);
  text->size = (gint64) bytes;
  need->papers = papers;
  need->bytes = bytes;
  g_ptr_array_add (need->texts, text);
}

static void
free_travel_text (gpointer data)
{
  ValiseTravelText *text = data;

  g_free (text->database);
  g_free (text->id);
  g_free (text);
}

void
valise_travel_free (ValiseTravel *self)
{
  for (int part = 0; part < VALISE_TRAVEL_N_PARTS; part++)
    {
      g_ptr_array_unref (self->needs[part].texts);
      g_ptr_array_unref (self->needs[part].symbols);
    }
  g_ptr_array_unref (self->files);
  g_strfreev (self->languages);
  g_strfreev (self->others);
  g_free (self->meeting);
  g_free (self->title);
  g_free (self);
}

void
valise_library_plan_travel_async (ValiseLibrary      *self,
                                  const char         *meeting,
                                  const char *const  *languages,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  g_autoptr (GTask)        task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GStrvBuilder) others = g_strv_builder_new ();
  ValiseTravel            *travel = g_new0 (ValiseTravel, 1);

  travel->meeting = g_strdup (meeting);
  travel->title = g_strdup ("First substantive plenary");
  travel->languages = g_strdupv ((char **) languages);
  for (const char *const *code = valise_language_list (); *code != NULL; code++)
    if (!g_strv_contains (languages, *code))
      g_strv_builder_add (others, *code);
  travel->others = g_strv_builder_end (others);
  travel->files = g_ptr_array_new_with_free_func (g_object_unref);
  for (int part = 0; part < VALISE_TRAVEL_N_PARTS; part++)
    {
      travel->needs[part].texts = g_ptr_array_new_with_free_func (free_travel_text);
      travel->needs[part].symbols = g_ptr_array_new_with_free_func (g_free);
    }
  add_need (&travel->needs[VALISE_TRAVEL_OWN], 42, 870000, "fr");
  add_need (&travel->needs[VALISE_TRAVEL_CITED], 18, 395000, "en");
  add_need (&travel->needs[VALISE_TRAVEL_OTHERS], 42, 1577000, "es");
  for (guint i = 0; i < 18; i++)
    g_ptr_array_add (travel->needs[VALISE_TRAVEL_CITED].symbols,
                     i == 0   ? g_strdup ("A/RES/77/37")
                     : i == 1 ? g_strdup ("A/70/174")
                              : g_strdup_printf ("A/RES/%u/1", i));
  g_task_return_pointer (task, travel, (GDestroyNotify) valise_travel_free);
}

ValiseTravel *
valise_library_plan_travel_finish (ValiseLibrary *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
