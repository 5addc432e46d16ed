fn main() {
    let chain = gaschain::amur::chain();
    let v = chain.values();
    let mut solver = chain.solver();
    let n: usize = std::env::args().nth(1).unwrap().parse().unwrap();
    let t = std::time::Instant::now();
    for _ in 0..n { std::hint::black_box(solver.solve(&v).unwrap()); }
    println!("{:?}", t.elapsed() / n as u32);
}
