/*
 * Several gateways that share one journal: which gateway runs which turn, and what happens when a gateway or the database
 * fails. Spin examines every order of steps and faults.
 *
 * The model is small on purpose: three gateways, two sessions, three messages of which one is sent twice, FAULTS faults.
 * A transaction of the database is one step. Gateways are alike, so two faults affect, without loss of generality, the
 * first two. A step may come arbitrarily late; that is why a slow gateway needs no step of its own.
 *
 * Properties
 *   P1  A session never has two running turns in the database.
 *   P2  The end of a turn is stored once.
 *   P3  A repeated message id has one turn.
 *   P4  Turns of a session start in the order in which they were accepted.
 *   P5  A turn is started at most twice.
 *   P6  Two agents work on one session at once only if one of their gateways alone has lost its sign of life (it is frozen
 *       or partitioned) and has not noticed yet. So never after a mere restart of the database.
 *   P7  Nothing waits for ever: while a gateway is alive, no turn stays running without an agent, and while a gateway takes
 *       turns, none stays waiting.
 *
 * P7 needs no assumption about fairness. Each run of the model ends, because messages and faults are limited; spin is asked
 * for cycles, too, and finds none. So "for ever" means: in a state in which nothing can happen any more. The process
 * `judge` examines exactly these states. Faults may also end early: a turn that waits is not excused by a fault that is
 * still to come.
 *
 * Each guard of the protocol can be removed with a macro (-DNO_...), and then a property fails. There is one exception: the
 * unique index of running turns is a second line of defence. Without it alone all properties hold; without the
 * lock of the session as well, P1 fails.
 */

#ifndef FAULTS
#define FAULTS 2
#endif

#define GATEWAYS 3

/* What clients send: 1 repeats 0; 0, 1 and 2 are for one session, 3 is for another. Each would become the turn of its number. */
#define SENDS 4
#define NONE SENDS

/*
 * Owners. 0, 1 and 2 are the present ids of the gateways. When a gateway takes another id, or ends, its turns in the
 * database are renamed to belong to one of the former ids: so that the same number is as good as a new UUID.
 */
#define FORMER 3
#define OWNERS 6
#define NOBODY OWNERS

/* Plans: to store a turn, or one of a session that was idle; to claim a turn; to take over the turns of an owner. */
#define IDLE 0
#define STORE(t) (1 + (t))
#define STORE_AT_ONCE(t) (1 + SENDS + (t))
#define CLAIM(t) (1 + 2 * SENDS + (t))
#define TAKE_OVER(o) (1 + 3 * SENDS + (o))

/* Statuses of a turn. */
#define ABSENT 0
#define WAITING 1
#define RUNNING 2
#define ENDED 3

/* ---- The database. It survives everything. ---- */

byte status[SENDS];
byte owner[SENDS] = NOBODY;      /* of a running turn */
byte attempts[SENDS];
byte first = NONE;               /* the turn accepted before the others of its session, until it has ended */
bool registered[OWNERS];         /* the row of an owner; a peer removes it when the owner is gone */
bool sign[OWNERS];               /* the sign of life: the owner holds its lock */
bool grace;                      /* all signs of life were lost at once: no gateway takes over */

/* ---- Gateways. ---- */

bool alive[GATEWAYS];
bool frozen[GATEWAYS];
bool draining[GATEWAYS];
bool cut[GATEWAYS];              /* it alone has lost its sign of life, and has not noticed */
byte work[GATEWAYS];             /* turns at which its agents are at work, one bit each */

/*
 * What one of the gateways is about to write after it has looked: by then the look may be outdated. All others look and
 * write in one step. One such plan is enough: with all guards in place, a write after an outdated look has either no
 * effect or that of a step at that time, and without a guard one outdated look is enough to do damage.
 */
byte planner;
byte plan = IDLE;

/* ---- Faults: how many are left, plus one; 0: no more restarts of gateways and ends of drains either. ---- */

byte faults = FAULTS + 1;
#define MAY_FAIL (faults > 1)
#define IS_CALM (faults == 0)

/* Always false: so that a failed assertion shows the name of its property. */
hidden byte no_P1, no_P2, no_P3, no_P4, no_P5, no_P6, no_P7;

hidden byte i;                   /* for loops within one step */
hidden byte sees_idle;           /* for `accept` */

#define SESSION(t) ((t) == 3)
#define BIT(t) (1 << (t))
#define IS(t, what) (status[t] == what)
#define COUNT(t, what) ((t) == 3 -> IS(3, what) : IS(0, what) + IS(1, what) + IS(2, what))
#define HAS_OLDER(t) (first != NONE && first != (t) && (t) != 3 && IS(first, WAITING))
#define HAS_ROW(t) (!IS(t, ABSENT) || (t) < 2 && !(IS(0, ABSENT) && IS(1, ABSENT)))

#define CAN_ACT(g) (alive[g] && !frozen[g])
#define TAKES_TURNS(g) (CAN_ACT(g) && !draining[g])
#define HAS_SIGN(g) (alive[g] && sign[g])
#define IS_MINE(g, t) (IS(t, RUNNING) && owner[t] == g)

/* Its agents count for P6. */
#define WORKS_IN_0(g) (!cut[g] && (work[g] & 7) != 0)
#define WORKS_IN_1(g) (!cut[g] && (work[g] & 8) != 0)

/* ---- Guards. ---- */

#ifdef NO_UNIQUE_INDEX           /* create unique index on turn (session) where status = running */
#define MAY_RUN(t) true
#else
#define MAY_RUN(t) (COUNT(t, RUNNING) == 0)
#endif

#ifdef NO_MESSAGE_INDEX          /* unique (session, message_id) */
#define IS_STORED(t) (!IS(t, ABSENT))
#else
#define IS_STORED(t) HAS_ROW(t)
#endif

#define IS_IDLE(t) (COUNT(t, RUNNING) + COUNT(t, WAITING) == 0)
#ifdef NO_SESSION_LOCK           /* accept: whether the session is idle is decided under its lock */
#define SEES_IDLE(t, saw_idle) saw_idle
#else
#define SEES_IDLE(t, saw_idle) IS_IDLE(t)
#endif

#ifdef NO_FENCE                  /* ends: where owner = me */
#define MAY_END(g, t) IS(t, RUNNING)
#else
#define MAY_END(g, t) IS_MINE(g, t)
#endif

#ifdef NO_STATUS_CHECK           /* ends: where status = running */
#undef MAY_END
#define MAY_END(g, t) true
#endif

#ifdef NO_REGISTRATION_CHECK     /* accept, claim and takeover: only by an owner whose row is there */
#define IS_REGISTERED(g) true
#else
#define IS_REGISTERED(g) registered[g]
#endif

#ifdef NO_GRACE
#define MAY_TAKE_OVER true
#else
#define MAY_TAKE_OVER (!grace)
#endif

#ifdef NO_RECHECK                /* a takeover looks at the sign of life again, in its transaction */
#define IS_GONE(o) true
#else
#define IS_GONE(o) (registered[o] && !sign[o] && MAY_TAKE_OVER)
#endif

#ifdef NO_ORDER                  /* a claim skips turns that another gateway is about to claim */
#define IS_NEXT(t) (!HAS_OLDER(t) || plan == CLAIM(first))
#else
#define IS_NEXT(t) (!HAS_OLDER(t))
#endif

#ifdef NO_REPLAY_LIMIT
#define MAY_RESTART(t) true
#else
#define MAY_RESTART(t) (attempts[t] <= 1)
#endif

inline check() {
  assert(no_P1 || COUNT(0, RUNNING) <= 1 && COUNT(3, RUNNING) <= 1);
  assert(no_P3 || IS(0, ABSENT) || IS(1, ABSENT));
  assert(no_P6 || WORKS_IN_0(0) + WORKS_IN_0(1) + WORKS_IN_0(2) <= 1);
  assert(no_P6 || WORKS_IN_1(0) + WORKS_IN_1(1) + WORKS_IN_1(2) <= 1);
}

/* ---- Transactions. Each one is called within an atomic step. ---- */

inline begin(g, t) {
  assert(no_P4 || !HAS_OLDER(t));
  status[t] = RUNNING;
  owner[t] = g;
  attempts[t]++;
  assert(no_P5 || attempts[t] <= 2);
  work[g] = work[g] | BIT(t);
}

inline store_end(t) {
  assert(no_P2 || !IS(t, ENDED));
  status[t] = ENDED;
  owner[t] = NOBODY;
  attempts[t] = 0;
  first = (first == t -> NONE : first)
}

/* Running if the session is idle, and if this gateway takes turns; else waiting. */
inline accept(g, t) {
  if
  :: !IS_STORED(t) && IS_REGISTERED(g) ->
    if
    :: !draining[g] && sees_idle && MAY_RUN(t) -> begin(g, t); remember_first(t)
    :: !draining[g] && sees_idle && !MAY_RUN(t) -> skip  /* refused by the index; the client sends it again */
    :: else -> status[t] = WAITING; remember_first(t)
    fi
  :: else              /* the client joins the turn that is there, or is refused and sends it again */
  fi
}

inline remember_first(t) {
  first = ((t) != 3 && first == NONE -> t : first)
}

/* The claim of the next turn in the transaction that ends a turn. */
inline claim_next(g, t) {
  i = 0;
  do
  :: i == SENDS -> break
  :: i < SENDS && IS(i, WAITING) && SESSION(i) == SESSION(t) && !HAS_OLDER(i) && MAY_RUN(i) && IS_REGISTERED(g) && !draining[g] ->
    begin(g, i);
    break
  :: else -> i++
  od
}

#define OWNS(o) (owner[0] == (o) || owner[1] == (o) || owner[2] == (o) || owner[3] == (o))

inline rename(t, from, to) {
  owner[t] = (owner[t] == from -> to : owner[t])
}

/* The turns of this id, if there are any, belong to a former id from now on, which has no sign of life. */
inline stop_using_id(g) {
  if
  :: OWNS(g) ->
    i = FORMER;
    do
    :: OWNS(i) -> i++
    :: else -> break
    od;
    assert(i < OWNERS);
    rename(0, g, i); rename(1, g, i); rename(2, g, i); rename(3, g, i);
    registered[i] = registered[g]
  :: else
  fi;
  registered[g] = false;
  sign[g] = false
}

/* A new id, with a row and a sign of life. */
inline register(g) {
  registered[g] = true;
  sign[g] = true;
  cut[g] = false
}

inline abort_agents(g) {
#ifdef NO_ABORT
  skip
#else
  work[g] = 0
#endif
}

inline take_over_turn(g, o, t) {
  if
  :: IS(t, RUNNING) && owner[t] == o ->
    if
    :: MAY_RESTART(t) && !draining[g] -> status[t] = WAITING; begin(g, t)
    :: MAY_RESTART(t) && draining[g] ->
#ifdef NO_GIVE_BACK
      owner[t] = g
#else
      status[t] = WAITING;
      owner[t] = NOBODY
#endif
    :: else -> store_end(t)                            /* interrupted */
    fi
  :: else
  fi
}

inline take_over(g, o) {
  registered[o] = false;
  sign[o] = false;
  take_over_turn(g, o, 0);
  take_over_turn(g, o, 1);
  take_over_turn(g, o, 2);
  take_over_turn(g, o, 3)
}

/* ---- The steps of a gateway: its process has these for each message, turn or owner. ---- */

#define STEPS_OF_TURN(t) \
  :: d_step { MAY_WRITE(g) && !HAS_ROW(t) -> sees_idle = IS_IDLE(t); accept(g, t); check() } \
  :: d_step { MAY_WRITE(g) && CAN_CLAIM(g, t) -> claim(g, t); check() } \
  :: d_step { CAN_ACT(g) && (work[g] & BIT(t)) -> finish(g, t); check() } \
  :: d_step { MAY_PLAN(g) && !HAS_ROW(t) -> plan = (IS_IDLE(t) -> STORE_AT_ONCE(t) : STORE(t)); planner = g } \
  :: d_step { MAY_PLAN(g) && CAN_CLAIM(g, t) -> plan = CLAIM(t); planner = g } \
  :: d_step { DOES(g, STORE(t)) -> forget(); sees_idle = SEES_IDLE(t, false); accept(g, t); check() } \
  :: d_step { DOES(g, STORE_AT_ONCE(t)) -> forget(); sees_idle = SEES_IDLE(t, true); accept(g, t); check() } \
  :: d_step { DOES(g, CLAIM(t)) -> forget(); claim(g, t); check() }

#define STEPS_OF_PEER(o) \
  :: d_step { MAY_WRITE(g) && IS_MISSING(g, o) -> take_over_if_gone(g, o); check() } \
  :: d_step { MAY_PLAN(g) && IS_MISSING(g, o) -> plan = TAKE_OVER(o); planner = g } \
  :: d_step { DOES(g, TAKE_OVER(o)) -> forget(); take_over_if_gone(g, o); check() }

/* A transaction that the database would refuse has no effect, and is left out. */
#define MAY_WRITE(g) (CAN_ACT(g) && IS_REGISTERED(g))
#define MAY_PLAN(g) (MAY_WRITE(g) && plan == IDLE)
#define DOES(g, what) (CAN_ACT(g) && planner == g && plan == what)
#define CAN_CLAIM(g, t) (!draining[g] && IS(t, WAITING) && IS_NEXT(t) && COUNT(t, RUNNING) == 0)
#define IS_MISSING(g, o) (registered[o] && !sign[o] && g != o && MAY_TAKE_OVER)

inline forget() {
  plan = IDLE;
  planner = 0
}

/* A claim has no effect if it has become impossible. */
inline claim(g, t) {
  if
  :: IS(t, WAITING) && MAY_RUN(t) && IS_REGISTERED(g) && !draining[g] -> begin(g, t)
  :: else
  fi
}

inline finish(g, t) {
  work[g] = work[g] & ~BIT(t);
  if
  :: MAY_END(g, t) -> store_end(t); claim_next(g, t)
  :: else                                              /* refused */
  fi
}

inline take_over_if_gone(g, o) {
  if
  :: IS_GONE(o) && IS_REGISTERED(g) -> take_over(g, o)
  :: else
  fi
}

proctype gateway(byte g) {
end:
  do
  STEPS_OF_TURN(0)
  STEPS_OF_TURN(1)
  STEPS_OF_TURN(2)
  STEPS_OF_TURN(3)
  STEPS_OF_PEER(0)
  STEPS_OF_PEER(1)
  STEPS_OF_PEER(2)
  STEPS_OF_PEER(3)
  STEPS_OF_PEER(4)
  STEPS_OF_PEER(5)
  /* It has lost its sign of life, and comes back under its own id in time. */
  :: d_step { CAN_ACT(g) && !sign[g] && registered[g] -> sign[g] = true; cut[g] = false; check() }
  /* It comes back too late: its agents are aborted first, then it takes another id. */
  :: d_step { CAN_ACT(g) && !sign[g] ->
       abort_agents(g);
#ifdef NO_FRESH_OWNER
       register(g);
#else
       stop_using_id(g); register(g);
#endif
       check() }
  od
}

/* ---- Faults, and what operators do. ---- */

inline lose_memory(g) {
  work[g] = 0;
  if
  :: planner == g -> forget()
  :: else
  fi;
  cut[g] = false;
  frozen[g] = false;
  draining[g] = false
}

inline lose_sign(g) {
  if
  :: alive[g] -> sign[g] = false; cut[g] = cut[g] || frozen[g]
  :: else
  fi
}
proctype disturb(byte g) {
end:
  do
  :: d_step { MAY_FAIL && alive[g] ->                                   /* kill -9, a power cut */
       faults--;
#ifdef NO_FRESH_OWNER
       sign[g] = false;
#else
       stop_using_id(g);
#endif
       alive[g] = false; lose_memory(g) }
  :: d_step { !IS_CALM && !alive[g] ->                                  /* a new process */
       alive[g] = true; register(g) }
  :: d_step { MAY_FAIL && CAN_ACT(g) ->                                    /* SIGSTOP, a partition */
       faults--; frozen[g] = true; cut[g] = !sign[g] }
  :: d_step { frozen[g] && sign[g] -> sign[g] = false; cut[g] = true }
  :: d_step { frozen[g] -> frozen[g] = false }
  :: d_step { MAY_FAIL && TAKES_TURNS(g) -> faults--; draining[g] = true }
  :: d_step { !IS_CALM && draining[g] -> draining[g] = false }
  od
}

/* A gateway has less time to come back than others wait before they take over. */
#define HAS_DECIDED(g) (!CAN_ACT(g) || HAS_SIGN(g))

proctype database() {
end:
  do
  :: d_step { MAY_FAIL ->                                                  /* PostgreSQL is restarted */
       faults--; grace = true; lose_sign(0); lose_sign(1); lose_sign(2) }
  :: d_step { grace && HAS_DECIDED(0) && HAS_DECIDED(1) && HAS_DECIDED(2) -> grace = false }
  :: d_step { !IS_CALM -> faults = 0 }
  od
}

#define HAS_STOPPED(t) (!IS(t, RUNNING))
#define HAS_LEFT(t) (!IS(t, WAITING))

proctype judge() {
  timeout;
  assert(no_P7 || !alive[0] && !alive[1] && !alive[2] ||
    HAS_STOPPED(0) && HAS_STOPPED(1) && HAS_STOPPED(2) && HAS_STOPPED(3));
  assert(no_P7 || !TAKES_TURNS(0) && !TAKES_TURNS(1) && !TAKES_TURNS(2) ||
    HAS_LEFT(0) && HAS_LEFT(1) && HAS_LEFT(2) && HAS_LEFT(3))
}

init {
  atomic {
    register(0); alive[0] = true;
    register(1); alive[1] = true;
    register(2); alive[2] = true;
    run gateway(0); run gateway(1); run gateway(2);
    run disturb(0); run disturb(1);
    run database();
    run judge()
  }
}
