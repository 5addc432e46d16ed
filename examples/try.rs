fn main() {
    let chain = match gaschain::amur::folder().chain() { Ok(c) => c, Err(f) => { println!("{f}"); return; } };
    let solved = match chain.solve(&chain.values()) { Ok(s) => s, Err(e) => { println!("{e}"); return; } };
    for i in solved.inlets() { println!("{:?}", i); }
    for p in solved.products() { println!("{} {:?} {}", p.product.name, p.value, p.product.unit); }
    for l in solved.limits() { println!("{} {:?} {:?} {:?} {:?}", l.limit, l.load, l.capacity, l.stops, l.provenance.evidence); }
    println!("{}", solved.worst_residual());
}
