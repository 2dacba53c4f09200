//! A picture of the table of programs: for each, the time of every engine as a ratio to the native
//! build's, on a scale of powers of two.

use svg::Document;
use svg::node::element::{Group, Line, Rectangle, Text, Title};
use test_support::measure::{Sample, geometric_mean};

use crate::run::Ran;

/// The engines in the order of their bars, with their colours.
const ENGINES: [(&str, &str); 3] = [
    ("Wasmelt", "#c2410c"),
    ("wamrc", "#64748b"),
    ("wasmtime", "#93c5fd"),
];

const LABELS: f64 = 150.0;
const WIDTH: f64 = 600.0;
const MARGIN: f64 = 20.0;
const TOP: f64 = 70.0;
const BAR: f64 = 4.0;
const ROW: f64 = 18.0;
/// What fits on the scale; a longer bar ends in its figure.
const LEAST: f64 = 0.25;
const MOST: f64 = 8.0;

pub fn plot(programs: &[Ran]) -> String {
    let mut rows: Vec<(&str, [f64; 3])> = programs.iter().map(ratios).collect();
    let mean = |engine: usize| {
        let ratios = rows.iter().map(|(_, ratios)| ratios[engine]);
        geometric_mean(ratios)
    };
    let means = [mean(0), mean(1), mean(2)];
    rows.insert(0, ("geometric mean", means));

    let width = LABELS + WIDTH + 2.0 * MARGIN;
    let height = TOP + ROW * rows.len() as f64 + MARGIN;
    let mut document = Document::new()
        .set("viewBox", (0, 0, width.round(), height.round()))
        .set("width", width)
        .set("font-family", "sans-serif")
        .set("font-size", 11)
        // A page may be dark.
        .add(rectangle(0.0, 0.0, width, height, "white"))
        .add(text(
            "User time as a ratio to the native build, lower is better",
            MARGIN,
            22.0,
        ));
    document = scale(legend(document), height - MARGIN);
    for (index, (name, ratios)) in rows.iter().enumerate() {
        document = document.add(row(name, *ratios, TOP + ROW * index as f64));
    }
    format!("{document}\n")
}

fn ratios(ran: &Ran) -> (&'static str, [f64; 3]) {
    let [wasmelt, native, wamrc, wasmtime] = ran.medians(Sample::user_seconds);
    (
        ran.program,
        [wasmelt, wamrc, wasmtime].map(|it| it / native),
    )
}

fn legend(document: Document) -> Document {
    ENGINES
        .iter()
        .zip([0.0, 80.0, 160.0])
        .fold(document, |document, ((name, colour), right)| {
            let x = LABELS + MARGIN + right;
            let label = text(*name, x + 14.0, 44.0);
            document
                .add(rectangle(x, 36.0, 10.0, 8.0, colour))
                .add(label)
        })
}

/// A line and a figure for each power of two.
fn scale(mut document: Document, bottom: f64) -> Document {
    let mut ratio = LEAST;
    while ratio <= MOST {
        let (x, colour) = (
            x_of(ratio),
            if ratio == 1.0 { "#334155" } else { "#e2e8f0" },
        );
        let line = Line::new()
            .set("x1", x)
            .set("x2", x)
            .set("y1", TOP - 4.0)
            .set("y2", bottom)
            .set("stroke", colour);
        let label = text(ratio.to_string(), x, TOP - 8.0).set("text-anchor", "middle");
        document = document.add(line).add(label);
        ratio *= 2.0;
    }
    document
}

fn row(name: &str, ratios: [f64; 3], y: f64) -> Group {
    let label = text(name, LABELS + MARGIN - 6.0, y + 11.0).set("text-anchor", "end");
    let mut row = Group::new().add(label);
    for ((engine, (title, colour)), ratio) in ENGINES.iter().enumerate().zip(ratios) {
        if !ratio.is_finite() {
            continue;
        }
        let y = y + 2.0 + BAR * engine as f64;
        let (start, end) = (x_of(1.0_f64.min(ratio)), x_of(1.0_f64.max(ratio)));
        // Even what is no faster and no slower is to be seen.
        let bar = rectangle(start, y, (end - start).max(1.0), BAR - 0.5, colour);
        row = row.add(bar.add(Title::new(format!("{title}: {ratio:.2}"))));
        if ratio > MOST {
            let figure = text(format!("{ratio:.1}"), end - 3.0, y + BAR);
            row = row.add(figure.set("text-anchor", "end").set("font-size", 7));
        }
    }
    row
}

fn x_of(ratio: f64) -> f64 {
    let part = (ratio.clamp(LEAST, MOST) / LEAST).log2() / (MOST / LEAST).log2();
    LABELS + MARGIN + (part * WIDTH * 10.0).round() / 10.0
}

fn rectangle(x: f64, y: f64, width: f64, height: f64, colour: &str) -> Rectangle {
    Rectangle::new()
        .set("x", x)
        .set("y", y)
        .set("width", (width * 10.0).round() / 10.0)
        .set("height", height)
        .set("fill", colour)
}

fn text(content: impl Into<String>, x: f64, y: f64) -> Text {
    Text::new(content.into()).set("x", x).set("y", y)
}
