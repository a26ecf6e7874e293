//! Functions that give reactive parts of a view, event handlers and waiting parts one type each.
//! The compiler would generate their code once for each closure. With one type it generates the
//! code only once, and the page's module is a third smaller.

use std::future::Future;
use std::sync::{Arc, Mutex};

use leptos::prelude::*;
use leptos::tachys::reactive_graph::SharedReactiveFunction;

/// Returns a part of a view that follows the signals it reads.
pub(crate) fn reactive<V: IntoView + 'static>(
    mut part: impl FnMut() -> V + Send + 'static,
) -> SharedReactiveFunction<AnyView> {
    Arc::new(Mutex::new(move || part().into_any()))
}

/// Returns the value of an attribute that follows the signals it reads.
pub(crate) fn reactive_attr<T>(
    value: impl FnMut() -> T + Send + 'static,
) -> SharedReactiveFunction<T> {
    Arc::new(Mutex::new(value))
}

/// Boxes an event handler, so that all handlers have one type.
pub(crate) fn on_event<E>(handler: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(handler)
}

/// Returns a part of a view that is shown when its future completes.
pub(crate) fn later<V: IntoView + 'static>(
    part: impl Future<Output = V> + Send + 'static,
) -> Suspend<AnyView> {
    Suspend::new(async move { part.await.into_any() })
}

/// A part that is shown while a condition holds.
#[component]
pub(crate) fn Show(
    #[prop(into)] when: Signal<bool>,
    #[prop(optional, into)] fallback: ViewFn,
    children: ChildrenFn,
) -> impl IntoView {
    let when = Memo::new(move |_| when.get());
    reactive(move || {
        if when.get() {
            children()
        } else {
            fallback.run()
        }
    })
}

/// A list. When its keys change, the elements of the keys that stay are kept.
#[component]
pub(crate) fn Each(
    #[prop(into)] keys: Signal<Vec<String>>,
    item: Callback<String, AnyView>,
) -> impl IntoView {
    view! { <For each=move || keys.get() key=Clone::clone children=move |key| item.run(key) /> }
}

/// Returns the function that makes the view of one key of a list.
pub(crate) fn item<V: IntoView + 'static>(
    view: impl Fn(String) -> V + Send + Sync + 'static,
) -> Callback<String, AnyView> {
    Callback::new(move |key| view(key).into_any())
}
