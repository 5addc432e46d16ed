//! Numbers that record what is done with them.

use super::graph::{Call, Callee, Foreign, Graph, Id, Loop, Op, small};
use crate::scalar::Scalar;
use std::cell::RefCell;
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};
use std::sync::Arc;

thread_local! {
    /// The graph being recorded on this thread. Equations hand numbers around by value, so there
    /// is no other way to it from within an operation.
    static RECORDER: RefCell<Recorder> = RefCell::new(Recorder::default());
}

#[derive(Debug, Default)]
struct Recorder {
    graph: Graph,
    /// Whether an equation asked for the value of a number that differs between scenarios.
    looked: bool,
}

/// A number that stands for its value in many scenarios: a node of the graph being recorded.
///
/// Outside of a sweep's preparation it has no meaning; stages meet it only as one more
/// [`Scalar`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Traced(Id);

/// Records what `equations` do with numbers, on top of `graph`.
pub(crate) fn record<T>(graph: Graph, equations: impl FnOnce() -> T) -> (Graph, T) {
    let outer = RECORDER.replace(Recorder { graph, looked: false });
    let result = equations();
    let recorder = RECORDER.replace(outer);
    (recorder.graph, result)
}

fn with<T>(act: impl FnOnce(&mut Graph) -> T) -> T {
    RECORDER.with_borrow_mut(|recorder| act(&mut recorder.graph))
}

fn node(op: Op) -> Traced {
    Traced(with(|graph| {
        graph.asked += 1;
        graph.folded(op)
    }))
}

impl Traced {
    /// Its node.
    pub(crate) const fn id(self) -> Id {
        self.0
    }

    /// A number that differs from scenario to scenario.
    pub(crate) fn input(index: usize) -> Self {
        Self(with(|graph| graph.input(index)))
    }

    /// Its value, where it is the same in all scenarios.
    pub(crate) fn constant(self) -> Option<f64> {
        with(|graph| graph.constant_of(self.0))
    }

    /// Whether it is zero or more in every scenario.
    pub(crate) fn is_never_below_zero(self) -> bool {
        with(|graph| graph.range(self.0).0 >= 0.0)
    }

    /// Whether any equation has asked for a value that differs between scenarios since this was
    /// last asked.
    pub(crate) fn looked() -> bool {
        RECORDER.with_borrow_mut(|recorder| std::mem::take(&mut recorder.looked))
    }

    /// How many guards there are, and how many operations were recorded, to forget later ones by.
    pub(crate) fn so_far() -> (usize, usize) {
        with(|graph| (graph.guards.len(), graph.asked))
    }

    /// Forgets later guards, and that later operations were recorded: those of equations that are
    /// recorded in another way.
    pub(crate) fn go_back_to((guards, asked): (usize, usize)) {
        with(|graph| {
            graph.guards.truncate(guards);
            graph.asked = asked;
        });
    }

    /// How many calls there are.
    pub(crate) fn calls() -> usize {
        with(|graph| graph.calls.len())
    }

    /// How many numbers there are that tell of losses, to take later ones out by.
    pub(crate) fn losses() -> usize {
        with(|graph| graph.losses.len())
    }

    /// Takes out all losses but the first: a number above zero where any of them is.
    pub(crate) fn take_losses(but: usize) -> Self {
        Self(with(|graph| {
            let taken = graph.losses.split_off(but);
            graph.any_above_zero(taken)
        }))
    }

    /// Remembers that this may not be above zero: scenarios where it is are worked out one by
    /// one.
    pub(crate) fn guard(self) {
        with(|graph| graph.guard(self.0));
    }

    /// Where this is above zero, what is being recorded has no meaning; while a loop tries how far
    /// it may go, that counts for nothing.
    pub(crate) fn object(self) {
        with(|graph| graph.object(self.0));
    }

    /// Where this is above zero, what is being recorded has lost its way.
    pub(crate) fn lose(self) {
        with(|graph| graph.lose(self.0));
    }

    /// Narrows what it is known to lie between.
    pub(crate) fn within(self, low: f64, high: f64) -> Self {
        with(|graph| graph.assume(self.0, low, high));
        self
    }

    /// The root of `slack` at this place, along which it moves with `slope`: its value is the
    /// place's, its derivative the root's.
    pub(crate) fn root(self, slack: Self, slope: Self) -> Self {
        node(Op::Root(self.0, slack.0, slope.0))
    }

    /// How several numbers move with `variable`.
    pub(crate) fn slopes(numbers: &[Self], variable: Self) -> Vec<Self> {
        let ids: Vec<Id> = numbers.iter().map(|number| number.0).collect();
        with(|graph| graph.forward(&ids, variable.0)).into_iter().map(Self).collect()
    }

    /// Whether any of `numbers` depends on a number.
    pub(crate) fn felt_by(numbers: &[Self]) -> impl Fn(Self) -> bool + use<> {
        let ids: Vec<Id> = numbers.iter().map(|number| number.0).collect();
        let needed = with(|graph| graph.needed(&ids));
        move |number| needed.get(number.0.index()) == Some(&true)
    }

    /// Whether two numbers are the same in every scenario but for roundings, as far as the
    /// equations show that lie between them and what is `given`.
    pub(crate) fn is_always(self, other: Self, given: &[Self]) -> bool {
        let given: Vec<Id> = given.iter().map(|number| number.0).collect();
        with(|graph| graph.are_equal(self.0, other.0, &given))
    }

    /// Calls what only plain numbers can work out.
    pub(crate) fn call(function: Arc<dyn Foreign>, inputs: &[Self], outputs: usize) -> Vec<Self> {
        with(|graph| {
            let inputs: Vec<Id> = inputs.iter().map(|input| input.0).collect();
            let call = Call {
                callee: Callee::Foreign(function),
                scope: graph.deepest(inputs.iter().copied()),
                inputs,
                moves: None,
                outputs,
                instead: None,
            };
            graph.called(call).into_iter().map(Self).collect()
        })
    }
}

/// A loop while it is being recorded.
#[derive(Debug)]
pub(crate) struct LoopRecording {
    index: u32,
    count: usize,
}

impl LoopRecording {
    /// Begins a loop that starts with these numbers, and gives them as they are within it.
    pub fn begin(start: &[Traced], most: u32) -> (Self, Vec<Traced>) {
        with(|graph| {
            let parent = graph.recording;
            let depth = if parent == 0 { 0 } else { graph.loops[parent as usize - 1].depth + 1 };
            let start: Vec<Id> = start.iter().map(|number| number.0).collect();
            let (index, count) = (small(graph.loops.len()), start.len());
            graph.loops.push(Loop { parent, depth, start, most, ..Loop::default() });
            graph.recording = index + 1;
            let states = (0..count)
                .map(|place| Traced(graph.node(Op::State(index, small(place)))))
                .collect();
            (Self { index, count }, states)
        })
    }

    /// The same numbers, with all that does not change from round to round taken out of them. For
    /// searching only: their roundings are others.
    pub fn regrouped(&self, numbers: &[Traced]) -> Vec<Traced> {
        let ids: Vec<Id> = numbers.iter().map(|number| number.0).collect();
        with(|graph| graph.regrouped(&ids, self.index)).into_iter().map(Traced).collect()
    }

    /// Has only scenarios go round in which a number is above zero; all others stay as they start.
    #[cfg(all(test, target_arch = "x86_64", feature = "machine-code"))]
    pub fn enter_where(&mut self, entry: Traced) {
        with(|graph| graph.loops[self.index as usize].entry = Some(entry.0));
    }

    /// Has only scenarios go round in which any of these numbers, regrouped before, may come above
    /// zero, whatever shares between 0 and 1 change in the loop.
    pub fn enter_unless_bounded(&mut self, numbers: &[Traced]) {
        let ids: Vec<Id> = numbers.iter().map(|number| number.0).collect();
        with(|graph| graph.loops[self.index as usize].entry = graph.most_of_any(&ids, self.index));
    }

    /// Ends it: what a round makes of what it carries, and what is above zero where a round was
    /// the last. Gives what it carries in the end.
    pub fn end(self, next: &[Traced], done: Traced) -> Vec<Traced> {
        with(|graph| {
            let mut next: Vec<Id> = next.iter().map(|number| number.0).collect();
            // where a round has lost its way, so has the loop
            let lost = graph.forget_losses(self.index);
            if !lost.is_empty() {
                let zero = graph.constant(0.0);
                graph.loops[self.index as usize].start.push(zero);
                let before = graph.node(Op::State(self.index, small(self.count)));
                let now = graph.any_above_zero(lost);
                next.push(graph.folded(Op::Add(before, now)));
            }
            let ended_lost = next.len() > self.count;
            let own = &mut graph.loops[self.index as usize];
            own.next = next;
            own.done = Some(done.0);
            graph.recording = own.parent;
            let mut exit = |place| graph.node(Op::Exit(self.index, small(place)));
            let exits = (0..self.count).map(|place| Traced(exit(place))).collect();
            if ended_lost {
                let lost = exit(self.count);
                graph.lose(lost);
            }
            exits
        })
    }
}

impl Scalar for Traced {
    fn from_f64(value: f64) -> Self {
        Self(with(|graph| graph.constant(value)))
    }

    /// Not a number where it differs between scenarios: then the stage that asked for it is not
    /// recorded, but called.
    fn value(self) -> f64 {
        RECORDER.with_borrow_mut(|recorder| match recorder.graph.constant_of(self.0) {
            Some(value) => value,
            None => {
                recorder.looked = true;
                f64::NAN
            }
        })
    }

    fn exceeds(self, bound: f64) -> bool {
        if let Some(value) = self.constant() {
            return value.exceeds(bound);
        }
        (self - Self::from_f64(bound)).guard();
        false
    }

    fn objects(self) -> bool {
        if let Some(value) = self.constant() {
            return value.objects();
        }
        self.object();
        false
    }

    fn known(self) -> Option<f64> {
        self.constant()
    }

    fn apart<const N: usize>(equations: impl FnOnce() -> [Self; N]) -> [Self; N] {
        let part = with(Graph::begin_part);
        let results = equations();
        let ids = with(|graph| graph.end_part(part, &results.map(|result| result.0)));
        let mut ids = ids.into_iter();
        // as many as there were
        results.map(|result| ids.next().map_or(result, Self))
    }

    fn given(self) -> Self {
        match self.constant() {
            Some(value) => Self(with(|graph| graph.given_constant(value))),
            None => self,
        }
    }

    fn min(self, other: Self) -> Self {
        node(Op::Min(self.0, other.0))
    }

    fn max(self, other: Self) -> Self {
        node(Op::Max(self.0, other.0))
    }

    fn select(condition: Self, positive: Self, otherwise: Self) -> Self {
        node(Op::Select(condition.0, positive.0, otherwise.0))
    }

    fn sqrt(self) -> Self {
        node(Op::Sqrt(self.0))
    }

    fn ln(self) -> Self {
        node(Op::Ln(self.0))
    }

    fn exp(self) -> Self {
        node(Op::Exp(self.0))
    }

    fn pow(self, exponent: Self) -> Self {
        node(Op::Pow(self.0, exponent.0))
    }

    fn carrying<const PARTS: usize>(
        self,
        parts: [Self; PARTS],
        quality: impl Fn([Self; PARTS]) -> Self,
    ) -> Self {
        let whole = Self::select(self, self, Self::one());
        Self::select(self, self * quality(parts.map(|part| part / whole)), Self::zero())
    }
}

impl Add for Traced {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        node(Op::Add(self.0, other.0))
    }
}

impl Sub for Traced {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        node(Op::Sub(self.0, other.0))
    }
}

impl Mul for Traced {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        node(Op::Mul(self.0, other.0))
    }
}

impl Div for Traced {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        node(Op::Div(self.0, other.0))
    }
}

impl Neg for Traced {
    type Output = Self;
    fn neg(self) -> Self {
        node(Op::Neg(self.0))
    }
}

impl AddAssign for Traced {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Traced {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl MulAssign for Traced {
    fn mul_assign(&mut self, other: Self) {
        *self = *self * other;
    }
}
