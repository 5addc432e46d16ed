//! The public face of the library as a text file: a change to it shows in the diff.
//!
//! *In:* the sources. *Out:* every public item at the path it is reached by, re-exports followed,
//! with its public fields, variants and methods. `GASCHAIN_SNAPSHOTS=write` writes the file anew.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use syn::{Attribute, Fields, ImplItem, Item, Type, UseTree, Visibility, parse_quote};

const FACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/surface.txt");

/// A module with the modules in it.
#[derive(Default)]
struct Module {
    items: Vec<Item>,
    inner: BTreeMap<String, Module>,
    /// What it imports, by the name it has here: the path it is imported by, as written.
    imports: Vec<(String, Vec<String>)>,
}

/// The path of a module from the crate's root, or of an item with its name last.
type Place = Vec<String>;

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Meta>().is_ok_and(|meta| {
                let tokens = quote(&meta);
                tokens == "test" || tokens.starts_with("all(test") || tokens == "doctest"
            })
    })
}

/// Tokens without spaces, to be compared.
fn quote(meta: &syn::Meta) -> String {
    let item: Item = parse_quote!(
        #[cfg(#meta)]
        struct X;
    );
    let text = prettyplease::unparse(&syn::File {
        shebang: None,
        frontmatter: None,
        attrs: vec![],
        items: vec![item],
    });
    let inside = text.trim_start_matches("#[cfg(").split(")]\n").next().unwrap_or_default();
    inside.replace(' ', "")
}

/// Reads a module's file and those of the modules in it, which lie in `folder`.
fn read(file: &Path, folder: &Path) -> Module {
    let text = std::fs::read_to_string(file).unwrap_or_else(|_| panic!("{}", file.display()));
    let parsed = syn::parse_file(&text).unwrap_or_else(|_| panic!("{}", file.display()));
    module(parsed.items, folder)
}

fn module(items: Vec<Item>, folder: &Path) -> Module {
    let mut all = Module::default();
    for item in items {
        match item {
            Item::Mod(inner) if is_for_tests(&inner.attrs) => {}
            Item::Mod(mut inner) => {
                let name = inner.ident.to_string();
                let below = folder.join(&name);
                let read = match inner.content.take() {
                    Some((_, items)) => module(items, &below),
                    None => {
                        let files: [PathBuf; 2] =
                            [folder.join(format!("{name}.rs")), below.join("mod.rs")];
                        let file = files.iter().find(|file| file.exists());
                        file.map_or_else(Module::default, |file| read(file, &below))
                    }
                };
                all.inner.insert(name, read);
                all.items.push(Item::Mod(inner));
            }
            Item::Use(used) => {
                leaves(&used.tree, &mut Vec::new(), &mut all.imports);
                all.items.push(Item::Use(used));
            }
            item => all.items.push(item),
        }
    }
    all
}

/// The names that a `use` brings, with the path of each; `*` for all of a module.
fn leaves(tree: &UseTree, before: &mut Place, found: &mut Vec<(String, Place)>) {
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            leaves(&path.tree, before, found);
            before.pop();
        }
        UseTree::Name(name) => {
            let name = name.ident.to_string();
            let own = if name == "self" { before.last().cloned() } else { Some(name.clone()) };
            let mut path = before.clone();
            if name != "self" {
                path.push(name);
            }
            found.push((own.unwrap_or_default(), path));
        }
        UseTree::Rename(renamed) => {
            let mut path = before.clone();
            path.push(renamed.ident.to_string());
            found.push((renamed.rename.to_string(), path));
        }
        UseTree::Glob(_) => found.push(("*".into(), before.clone())),
        UseTree::Group(group) => {
            group.items.iter().for_each(|tree| leaves(tree, before, found));
        }
    }
}

fn name_of(item: &Item) -> Option<(&Visibility, String)> {
    let (visibility, name) = match item {
        Item::Const(one) => (&one.vis, &one.ident),
        Item::Enum(one) => (&one.vis, &one.ident),
        Item::Fn(one) => (&one.vis, &one.sig.ident),
        Item::Struct(one) => (&one.vis, &one.ident),
        Item::Trait(one) => (&one.vis, &one.ident),
        Item::Type(one) => (&one.vis, &one.ident),
        _ => return None,
    };
    Some((visibility, name.to_string()))
}

const fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

struct Walk<'m> {
    root: &'m Module,
    /// Impls without a trait, by the place of their type.
    impls: BTreeMap<Place, Vec<&'m syn::ItemImpl>>,
    /// By public path of a module, the items in it.
    found: BTreeMap<String, Vec<Item>>,
    /// What was reached already, so that nothing goes round.
    seen: BTreeSet<(String, Place)>,
}

impl<'m> Walk<'m> {
    fn at(&self, place: &[String]) -> Option<&'m Module> {
        place.iter().try_fold(self.root, |module, name| module.inner.get(name))
    }

    /// Where a path leads that is written in a module: to a place of an item or a module.
    fn resolve(&self, from: &[String], path: &[String], depth: usize) -> Option<Place> {
        if depth > 12 {
            return None;
        }
        let (first, rest) = path.split_first()?;
        let start = match first.as_str() {
            "crate" => Vec::new(),
            "self" => from.to_vec(),
            "super" => from[..from.len().checked_sub(1)?].to_vec(),
            name => {
                let module = self.at(from)?;
                let own = module.items.iter().filter_map(name_of).any(|(_, own)| own == *name);
                if own || module.inner.contains_key(name) {
                    let mut place = from.to_vec();
                    place.push(name.to_owned());
                    place
                } else if let Some((_, path)) = module.imports.iter().find(|(own, _)| own == name) {
                    self.resolve(from, path, depth + 1)?
                } else {
                    let globs = module.imports.iter().filter(|(own, _)| own == "*");
                    let mut through = globs.filter_map(|(_, path)| {
                        let place = self.resolve(from, path, depth + 1)?;
                        self.resolve(&place, std::slice::from_ref(first), depth + 1)
                    });
                    through.next()?
                }
            }
        };
        if rest.is_empty() {
            return Some(start);
        }
        self.at(&start)?;
        self.resolve(&start, rest, depth + 1)
    }

    fn gather_impls(&mut self, module: &'m Module, place: &mut Place) {
        for item in &module.items {
            if let Item::Impl(own) = item
                && own.trait_.is_none()
                && !is_for_tests(&own.attrs)
                && let Type::Path(path) = &*own.self_ty
            {
                let names: Place =
                    path.path.segments.iter().map(|part| part.ident.to_string()).collect();
                if let Some(of) = self.resolve(place, &names, 0) {
                    self.impls.entry(of).or_default().push(own);
                }
            }
        }
        for (name, inner) in &module.inner {
            place.push(name.clone());
            self.gather_impls(inner, place);
            place.pop();
        }
    }

    /// Everything public of a module, which is reached as `face`.
    fn module(&mut self, place: &[String], face: &str) {
        if !self.seen.insert((face.to_owned(), place.to_vec())) {
            return;
        }
        let Some(module) = self.at(place) else { return };
        for item in &module.items {
            match item {
                Item::Mod(inner) if is_public(&inner.vis) => {
                    let name = inner.ident.to_string();
                    let mut below = place.to_vec();
                    below.push(name.clone());
                    self.module(&below, &format!("{face}::{name}"));
                }
                Item::Use(used) if is_public(&used.vis) => {
                    let mut names = Vec::new();
                    leaves(&used.tree, &mut Vec::new(), &mut names);
                    for (name, path) in names {
                        if let Some(target) = self.resolve(place, &path, 0) {
                            self.reached(&target, &name, face);
                        }
                    }
                }
                item => {
                    if let Some((visibility, name)) = name_of(item)
                        && is_public(visibility)
                    {
                        let mut own = place.to_vec();
                        own.push(name);
                        self.item(item, &own, face);
                    }
                }
            }
        }
    }

    /// What a re-export leads to.
    fn reached(&mut self, target: &[String], name: &str, face: &str) {
        if self.at(target).is_some() {
            let below = if name == "*" { face.to_owned() } else { format!("{face}::{name}") };
            self.module(target, &below);
            return;
        }
        let Some((name, place)) = target.split_last() else { return };
        let Some(module) = self.at(place) else { return };
        let item =
            module.items.iter().find(|item| name_of(item).is_some_and(|(_, own)| own == *name));
        if let Some(item) = item {
            self.item(item, target, face);
        }
    }

    fn item(&mut self, item: &Item, place: &[String], face: &str) {
        if !self.seen.insert((face.to_owned(), place.to_vec())) {
            return;
        }
        let mut shown = vec![bare(item.clone())];
        for own in self.impls.get(place).into_iter().flatten() {
            let mut own = (*own).clone();
            own.items.retain(|item| match item {
                ImplItem::Fn(one) => is_public(&one.vis) && !is_for_tests(&one.attrs),
                ImplItem::Const(one) => is_public(&one.vis),
                _ => false,
            });
            if !own.items.is_empty() {
                shown.push(bare(Item::Impl(own)));
            }
        }
        self.found.entry(face.to_owned()).or_default().extend(shown);
    }
}

/// Attributes that are part of what others see.
fn keep(attributes: &mut Vec<Attribute>) {
    let kept = ["cfg", "derive", "non_exhaustive"];
    attributes.retain(|attribute| kept.iter().any(|name| attribute.path().is_ident(name)));
}

/// An item without what others do not see: bodies, private fields, comments.
fn bare(mut item: Item) -> Item {
    let fields = |fields: &mut Fields| match fields {
        Fields::Named(named) => {
            let public = std::mem::take(&mut named.named).into_iter();
            named.named = public.filter(|field| is_public(&field.vis)).collect();
            named.named.iter_mut().for_each(|field| keep(&mut field.attrs));
        }
        Fields::Unnamed(unnamed) => {
            let public = std::mem::take(&mut unnamed.unnamed).into_iter();
            unnamed.unnamed = public.filter(|field| is_public(&field.vis)).collect();
        }
        Fields::Unit => {}
    };
    match &mut item {
        Item::Const(one) => {
            keep(&mut one.attrs);
            one.expr = parse_quote!(..);
        }
        Item::Enum(one) => {
            keep(&mut one.attrs);
            for variant in &mut one.variants {
                keep(&mut variant.attrs);
                variant.fields.iter_mut().for_each(|field| keep(&mut field.attrs));
            }
        }
        Item::Fn(one) => {
            keep(&mut one.attrs);
            one.block = parse_quote!({});
        }
        Item::Struct(one) => {
            keep(&mut one.attrs);
            fields(&mut one.fields);
        }
        Item::Trait(one) => {
            keep(&mut one.attrs);
            for item in &mut one.items {
                if let syn::TraitItem::Fn(one) = item {
                    keep(&mut one.attrs);
                    one.default = one.default.as_ref().map(|_| parse_quote!({}));
                }
            }
        }
        Item::Type(one) => keep(&mut one.attrs),
        Item::Impl(one) => {
            keep(&mut one.attrs);
            for item in &mut one.items {
                match item {
                    ImplItem::Fn(one) => {
                        keep(&mut one.attrs);
                        one.block = parse_quote!({});
                    }
                    ImplItem::Const(one) => {
                        keep(&mut one.attrs);
                        one.expr = parse_quote!(..);
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
    item
}

/// The public face of the sources in a folder, module by module.
fn face(sources: &Path) -> String {
    let root = read(&sources.join("lib.rs"), sources);
    let mut walk =
        Walk { root: &root, impls: BTreeMap::new(), found: BTreeMap::new(), seen: BTreeSet::new() };
    walk.gather_impls(&root, &mut Vec::new());
    walk.module(&[], "gaschain");
    let modules = walk.found.into_iter().map(|(module, items)| {
        let file = syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items };
        format!("// {module}\n\n{}", prettyplease::unparse(&file))
    });
    modules.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_public_face_is_the_one_that_was_meant() {
    let found = face(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    if std::env::var("GASCHAIN_SNAPSHOTS").is_ok_and(|mode| mode == "write") {
        std::fs::write(FACE, &found).expect("the file can be written");
        return;
    }
    let meant = std::fs::read_to_string(FACE).unwrap_or_default();
    let differs = found.lines().zip(meant.lines()).position(|(found, meant)| found != meant);
    let line = differs.unwrap_or_else(|| found.lines().count().min(meant.lines().count()));
    assert!(
        found == meant,
        "the public face changed at line {} of tests/it/surface.txt: {:?}; if that was meant, \
         write it anew with GASCHAIN_SNAPSHOTS=write cargo test --test it surface",
        line + 1,
        found.lines().nth(line)
    );
}
