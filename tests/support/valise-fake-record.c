/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "valise-fake-record.h"

const FakePaper valise_fake_papers[N_FAKE_PAPERS] = {
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

const FakeMeeting valise_fake_meetings[N_FAKE_MEETINGS] = {
  { THEMATIC, "Thematic group 1", "2026-12-07", "2026-12-08", "Palais des Nations",
    "Europe/Zurich" },
  { PLENARY, "First substantive plenary", "2026-07-20", "2026-07-24", "Trusteeship Council Chamber",
    "America/New_York" },
  { "meeting:organizational", "Organizational session", "2026-03-30", "2026-03-31",
    "Conference Room 1", "America/New_York" },
};

const FakeItem valise_fake_items[N_FAKE_ITEMS] = {
  { PLENARY, "5", "Norms of responsible behaviour", "2026-07-21T10:00", 105 },
  { PLENARY, "6", "Capacity-building", "2026-07-21T15:00", 120 },
  { PLENARY, "7", "Other matters", "2026-07-22T10:00", 60 },
  { THEMATIC, "2", "Points of contact", "2026-12-07T10:00", 90 },
};

const FakeSentences valise_fake_sentences[N_FAKE_LANGUAGES] = {
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
