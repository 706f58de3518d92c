-- What the columns hold.

comment on column identity.mode.singleton is 'There is one row.';
comment on column identity.mode.demo is 'Whether demo identities may enter.';

comment on column identity.person.id is 'Number given here.';
comment on column identity.person.role is 'As whom the person acts: one of the portal roles.';
comment on column identity.person.operator_id is
  'Whose rows a person of an operator sees; null for officials.';
comment on column identity.person.organisation_uk is 'Organisation, in Ukrainian.';
comment on column identity.person.organisation_en is 'Organisation, in English.';
comment on column identity.person.demo is 'A demo identity, which enters in demo mode alone.';
comment on column identity.person.name_uk is 'Name in Ukrainian.';
comment on column identity.person.name_en is 'Name in English.';
comment on column identity.person.active_from is 'First moment in force.';
comment on column identity.person.active_until is
  'First moment no longer in force; infinity while no end is known.';

comment on column identity.session.token_sha256 is 'SHA-256 of the browser''s token.';
comment on column identity.session.person_id is 'Whose it is.';
comment on column identity.session.created_at is 'When it began.';
comment on column identity.session.last_seen_at is 'Last request.';
comment on column identity.session.expires_at is 'Ends then at the latest.';
comment on column identity.session.ended_at is 'When it was ended; null while it is open.';
comment on column identity.person.representative_id is 'The representative who this is.';

comment on column identity.saved_view.id is 'Number given here.';
comment on column identity.saved_view.person_id is 'Who saved it.';
comment on column identity.saved_view.role is 'In which role: it is shared within that workspace.';
comment on column identity.saved_view.operator_id is 'For which operator; null for officials.';
comment on column identity.saved_view.name is 'What it was named.';
comment on column identity.saved_view.target is 'The page, by the name that the portal gives it.';
comment on column identity.saved_view.parameters is
  'The page''s parameters, each name with its values; checked again whenever it is opened.';
comment on column identity.saved_view.shared is 'Whether others of the workspace see it.';
comment on column identity.saved_view.created_at is 'When it was saved.';
comment on column identity.saved_view.removed_at is
  'When it was removed; it can come back for 30 days.';

comment on column identity.session.reason_kind is 'Why its person looks at single transactions: the kind.';
comment on column identity.session.reason_text is 'The same in words, such as the number of a case.';
comment on column identity.session.reason_at is 'When that was stated; it holds for an hour.';
comment on column identity.person.tax_number is
  'The person''s taxpayer number (RNOKPP) as certificates carry it; null where none is known.';

comment on column identity.role.code is 'Name of the role.';
comment on column identity.role.position is 'Place in lists.';
comment on column identity.role.database_role is 'The role that a request takes on in the database.';
comment on column identity.role.authority is 'Who appoints to it: regulator, tax service or operator.';
comment on column identity.role.appoints is 'Whether whoever holds it appoints others of its authority.';
comment on column identity.role.name_uk is 'Name in Ukrainian.';
comment on column identity.role.name_en is 'Name in English.';
comment on column identity.role.about_uk is 'What it sees and does, in Ukrainian.';
comment on column identity.role.about_en is 'What it sees and does, in English.';

comment on column identity.permission.code is 'Name of the permission.';
comment on column identity.permission.position is 'Place in lists.';
comment on column identity.permission.area is
  'What it is about: sight and report are granted by the database, the others asked by its functions.';
comment on column identity.permission.name_uk is 'What may be seen or done, in Ukrainian.';
comment on column identity.permission.name_en is 'What may be seen or done, in English.';
comment on column identity.permission.sees is
  'Of a sight: the view that the role reads or the function that it calls.';
comment on column identity.permission.power is
  'The registered power without which a representative does not have it; null for none.';
comment on column identity.permission.dangerous is 'An act that is hard to undo or opens a way in.';
comment on column identity.permission.four_eyes is 'Of two people: who proposed does not decide.';

comment on column identity.role_permission.role is 'The role.';
comment on column identity.role_permission.permission is 'What it may.';

comment on column identity.appointment.id is 'Number given here.';
comment on column identity.appointment.person_id is 'Who holds the role.';
comment on column identity.appointment.role is 'The role.';
comment on column identity.appointment.state is
  'Proposed, in force, suspended, ended; refused where it never was in force.';
comment on column identity.appointment.active_from is 'First moment in force.';
comment on column identity.appointment.active_until is
  'First moment no longer in force; infinity while no end is known.';
comment on column identity.appointment.made_at is 'When it was entered.';

comment on column identity.appointment_change.id is 'Number given here.';
comment on column identity.appointment_change.action is
  'Appoint, change the role, suspend, resume or end.';
comment on column identity.appointment_change.person_id is 'Whom it concerns.';
comment on column identity.appointment_change.appointment_id is
  'Which appointment it concerns or made.';
comment on column identity.appointment_change.role is 'The role that is meant.';
comment on column identity.appointment_change.active_from is
  'From when it is to hold; null: from the decision on.';
comment on column identity.appointment_change.active_until is 'Until when it is to hold.';
comment on column identity.appointment_change.reason is 'Why it is proposed.';
comment on column identity.appointment_change.state is 'Proposed, confirmed, refused or withdrawn.';
comment on column identity.appointment_change.proposed_at is 'When it was proposed.';
comment on column identity.appointment_change.proposed_by is 'Who proposed it, as logs name them.';
comment on column identity.appointment_change.proposed_person is
  'Who proposed it; null for the command line.';
comment on column identity.appointment_change.decided_at is 'When it was decided; null while it waits.';
comment on column identity.appointment_change.decided_by is 'Who decided, as logs name them.';
comment on column identity.appointment_change.decided_person is
  'Who decided; null for the command line.';
comment on column identity.appointment_change.decision_reason is 'What was said with the decision.';

comment on column identity.appointment_event.id is 'Number given here.';
comment on column identity.appointment_event.happened_at is 'When it happened.';
comment on column identity.appointment_event.person_id is 'Whom it concerns.';
comment on column identity.appointment_event.change_id is 'The proposal it belongs to.';
comment on column identity.appointment_event.deed is 'What was done.';
comment on column identity.appointment_event.actor is 'Who did it, as logs name them.';
comment on column identity.appointment_event.actor_person is 'Who did it; null for the command line.';
comment on column identity.appointment_event.reason is 'What was said with it.';
comment on column identity.appointment_event.before is
  'The person''s newest appointment before: role, state, from, until; null for none.';
comment on column identity.appointment_event.after is 'The same afterwards.';
comment on column identity.person.tax_number is
  'Taxpayer''s number (RNOKPP), by which a certificate finds the person; null: cannot enter.';

comment on column identity.session.id is
  'Number given here, the same for as long as the session lives; tokens change.';
comment on column identity.session.signature_id is
  'The signature that began it; null only for what no sign-in made.';
comment on column identity.session.device is 'What the browser says it is.';
comment on column identity.session.address is 'Where it began from.';

comment on column identity.challenge.id is 'Random; in the text too.';
comment on column identity.challenge.browser_sha256 is
  'SHA-256 of what only the browser holds that it was given to: a cookie, or its session.';
comment on column identity.challenge.purpose is
  'What a signature on it does: login, or a kind of decision.';
comment on column identity.challenge.origin is 'Scheme and host of the portal that gave it out.';
comment on column identity.challenge.request_sha256 is
  'SHA-256 of the decision that it is about, canonically; must be the same when it is answered.';
comment on column identity.challenge.content is 'The text to sign, UTF-8 with LF.';
comment on column identity.challenge.issued_at is 'When it was given out.';
comment on column identity.challenge.expires_at is 'Counts no longer from then on.';
comment on column identity.challenge.tries is 'How often it was answered; ten times at most.';
comment on column identity.challenge.used_at is 'When a signature on it counted; null until then.';

comment on column identity.signature.id is 'Number given here.';
comment on column identity.signature.challenge_id is 'The challenge that it answered.';
comment on column identity.signature.browser_sha256 is 'As in the challenge.';
comment on column identity.signature.purpose is 'As in the challenge.';
comment on column identity.signature.made_at is 'When it counted.';
comment on column identity.signature.person_id is 'Who signed the decision; null for signing in.';
comment on column identity.signature.operator_id is
  'Whose record it is about, or for whom its signer acts; null where neither.';
comment on column identity.signature.object is 'Kind of what was decided; null for signing in.';
comment on column identity.signature.object_id is 'Which one.';
comment on column identity.signature.content is 'The text that was signed.';
comment on column identity.signature.content_sha256 is 'Its SHA-256.';
comment on column identity.signature.cms is 'The signature: CMS SignedData, as it was sent.';
comment on column identity.signature.certificate is 'The signer''s certificate, DER.';
comment on column identity.signature.chain is
  'The certificates up to the anchor, DER, the signer''s first.';
comment on column identity.signature.tax_number is
  'RNOKPP in the certificate; null where it holds none.';
comment on column identity.signature.signer is 'Names and codes in the certificate.';
comment on column identity.signature.algorithm is 'Algorithm of the signature.';
comment on column identity.signature.signed_at is 'The signer''s own claim of the time.';
comment on column identity.signature.stamped_at is
  'Time of a time-stamping authority, where there is one.';
comment on column identity.signature.verdict is 'What verification came to: nothing but valid is kept.';
comment on column identity.signature.verified_at is 'The moment that it was verified for.';
comment on column identity.signature.trust is
  'What was trusted then: SHA-256 of each anchor, when its list is due, evidence on revocation.';

comment on column identity.lock.id is 'Number given here.';
comment on column identity.lock.person_id is
  'Who is locked, with all the same human may act as; null for an organisation.';
comment on column identity.lock.operator_id is 'Whose people are locked; null for one person.';
comment on column identity.lock.reason is 'Why.';
comment on column identity.lock.locked_at is 'Since when.';
comment on column identity.lock.locked_by is 'Who locked.';
comment on column identity.lock.lift_reason is 'Why it should be lifted.';
comment on column identity.lock.lift_proposed_at is 'When that was proposed.';
comment on column identity.lock.lift_proposed_by is 'Who proposed it.';
comment on column identity.lock.lifted_at is 'When it was lifted; null while it holds.';
comment on column identity.lock.lifted_by is 'Who lifted it: another official.';
comment on column identity.notice_kind.kind is 'Constant name.';
comment on column identity.notice_kind.position is 'Order in which kinds are shown.';
comment on column identity.notice_kind.roles is 'Which roles are told.';
comment on column identity.notice_kind.name_uk is 'What the kind is called, in Ukrainian.';
comment on column identity.notice_kind.name_en is 'What the kind is called, in English.';
comment on column identity.notice_kind.words_uk is
  'What a notice says in Ukrainian; names of facts in braces.';
comment on column identity.notice_kind.words_en is
  'What a notice says in English; names of facts in braces.';
comment on column identity.notice_kind.icon is 'Its sign, of static/icons.svg.';
comment on column identity.notice_kind.tone is 'How grave it is: ok, attention, bad, info, quiet.';
comment on column identity.notice_kind.by_mail is
  'Its way by mail unless a person chose another: none, digest, at_once.';
comment on column identity.notice_kind.record_kinds is
  'Registers whose ending terms are told by it; empty where something else raises it.';

comment on column identity.notice.id is 'Number given here.';
comment on column identity.notice.person_id is 'Who is told.';
comment on column identity.notice.role is 'In which role.';
comment on column identity.notice.operator_id is 'For which operator; null for officials.';
comment on column identity.notice.kind is 'Kind of notice.';
comment on column identity.notice.subject is 'What it is about: a subject is told once.';
comment on column identity.notice.facts is 'What its words name; no personal data.';
comment on column identity.notice.target is
  'The page that it leads to, by the name that the portal gives it; null where it leads nowhere.';
comment on column identity.notice.parameters is 'The page''s path and query.';
comment on column identity.notice.created_at is 'When it was told.';
comment on column identity.notice.in_bell is 'Whether it shows in the bell.';
comment on column identity.notice.read_at is 'When it was read; null while it was not.';
comment on column identity.notice.by_mail is 'Which way it takes by mail: none, digest, at_once.';
comment on column identity.notice.mailed_at is 'When it went into a mail.';

comment on column identity.notice_setting.person_id is 'Who chose.';
comment on column identity.notice_setting.kind is 'For which kind.';
comment on column identity.notice_setting.in_bell is 'Whether it shows in the bell.';
comment on column identity.notice_setting.by_mail is
  'Which way it takes by mail: none, digest, at_once.';

comment on column identity.contact.person_id is 'Whose it is.';
comment on column identity.contact.email is 'Address for mail.';
comment on column identity.contact.language is 'Language of mail.';
comment on column identity.contact.confirmed_at is
  'When its owner followed the link that was sent there; null until then.';
comment on column identity.contact.digest_hour is
  'Hour in Kyiv at which the digest of the day goes.';
comment on column identity.contact.next_digest_at is 'When that is next.';

comment on column identity.subscription.id is 'Number given here.';
comment on column identity.subscription.person_id is 'Who gets it.';
comment on column identity.subscription.role is 'In which role, whose rights decide what is in it.';
comment on column identity.subscription.operator_id is 'For which operator; null for officials.';
comment on column identity.subscription.name is 'What it was named.';
comment on column identity.subscription.target is 'The page, by the name that the portal gives it.';
comment on column identity.subscription.parameters is
  'The page''s path and query; a named period stays relative.';
comment on column identity.subscription.every is 'day, week or month.';
comment on column identity.subscription.at_weekday is 'Of a weekly one: 1 is Monday.';
comment on column identity.subscription.at_month_day is
  'Of a monthly one; of a shorter month its last day.';
comment on column identity.subscription.at_hour is 'Hour in Kyiv.';
comment on column identity.subscription.language is 'Language of what is delivered.';
comment on column identity.subscription.by_mail is 'Whether it goes by mail, too.';
comment on column identity.subscription.created_at is 'When it was made.';
comment on column identity.subscription.paused_at is 'Since when it rests; null while it does not.';
comment on column identity.subscription.stopped_at is 'When it was ended for good.';
comment on column identity.subscription.next_at is 'When it is due next.';
comment on column identity.subscription.attempt is 'How often runners have begun with what is due.';
comment on column identity.subscription.claimed_at is 'When the last of them began.';

comment on column identity.delivery.id is 'Number given here.';
comment on column identity.delivery.subscription_id is 'Of which subscription.';
comment on column identity.delivery.person_id is 'Whose that is.';
comment on column identity.delivery.role is 'In which role.';
comment on column identity.delivery.operator_id is 'For which operator; null for officials.';
comment on column identity.delivery.due_at is 'The moment it was due.';
comment on column identity.delivery.ended_at is 'When that was settled.';
comment on column identity.delivery.outcome is 'delivered, or why not.';
comment on column identity.delivery.notice_id is
  'The notice that told of it; null where there is none.';
comment on column identity.delivery.mail_id is 'The mail; null where there is none.';

comment on column identity.mail.id is 'Number given here; its Message-ID holds it.';
comment on column identity.mail.person_id is 'To whom.';
comment on column identity.mail.role is 'In which role the person is told it.';
comment on column identity.mail.operator_id is 'For which operator; null for officials.';
comment on column identity.mail.kind is 'confirm, notice, digest or subscription.';
comment on column identity.mail.recipient is 'Address.';
comment on column identity.mail.subject is 'Subject line.';
comment on column identity.mail.body is 'Plain text; emptied once it is over.';
comment on column identity.mail.stop_address is
  'Address that stops more of it, for List-Unsubscribe.';
comment on column identity.mail.created_at is 'When it was queued.';
comment on column identity.mail.state is 'waiting, sending, sent, refused, gave_up or dropped.';
comment on column identity.mail.attempt is 'How often it was tried.';
comment on column identity.mail.next_at is 'When it is tried next.';
comment on column identity.mail.claimed_at is 'When the last attempt began.';
comment on column identity.mail.ended_at is 'When it was sent, refused, given up or dropped.';

comment on column identity.mail_attempt.mail_id is 'Of which mail.';
comment on column identity.mail_attempt.attempt is 'The how many-eth.';
comment on column identity.mail_attempt.attempted_at is 'When it ended.';
comment on column identity.mail_attempt.outcome is
  'sent, refused (for good), unreachable, not_now, insecure.';
comment on column identity.mail_attempt.reply_code is
  'What the mail server answered (RFC 5321); null without an answer.';

comment on column identity.dashboard.person_id is 'Whose start page.';
comment on column identity.dashboard.role is 'In which role.';
comment on column identity.dashboard.cards is 'Figures in their order.';
comment on column identity.dashboard.hidden is 'Those that do not show.';
