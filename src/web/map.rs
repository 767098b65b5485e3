//! A small map of Germany: a rough outline, and places on it.

use serde::Deserialize;

/// How wide and how high the drawing is.
pub(crate) const WIDTH: f64 = 300.0;
pub(crate) const HEIGHT: f64 = 404.0;
/// The corner in the north-west, and how much of the earth the drawing shows from there, in degrees.
const WEST: f64 = 5.6;
const NORTH: f64 = 55.2;
const DEGREES_EAST: f64 = 9.7;
const DEGREES_SOUTH: f64 = 8.2;

/// A place on the earth, in degrees.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Coordinates {
    latitude: f64,
    longitude: f64,
}

/// The border as a walk from Sylt clockwise: longitude and latitude, read off to a few kilometres. It
/// shows where a place lies, and is good for nothing else.
const BORDER: [(f64, f64); 96] = [
    (8.4, 55.05),
    (8.67, 54.9),
    (9.44, 54.82),
    (9.95, 54.78),
    (10.0, 54.52),
    (10.17, 54.35),
    (10.65, 54.33),
    (11.1, 54.42),
    (11.08, 54.2),
    (10.76, 54.05),
    (10.9, 53.95),
    (11.45, 53.93),
    (11.7, 54.12),
    (12.1, 54.18),
    (12.45, 54.42),
    (12.9, 54.44),
    (13.1, 54.33),
    (13.15, 54.6),
    (13.42, 54.68),
    (13.68, 54.56),
    (13.6, 54.32),
    (13.4, 54.15),
    (13.8, 54.12),
    (14.22, 53.92),
    (14.27, 53.7),
    (14.42, 53.28),
    (14.15, 52.96),
    (14.35, 52.75),
    (14.64, 52.57),
    (14.55, 52.35),
    (14.72, 52.1),
    (14.6, 51.83),
    (14.73, 51.55),
    (15.0, 51.3),
    (15.02, 51.0),
    (14.82, 50.87),
    (14.55, 51.0),
    (14.25, 51.05),
    (14.35, 50.88),
    (13.9, 50.78),
    (13.5, 50.65),
    (13.15, 50.5),
    (12.8, 50.43),
    (12.4, 50.3),
    (12.2, 50.25),
    (12.1, 50.32),
    (12.2, 50.1),
    (12.5, 49.95),
    (12.45, 49.75),
    (12.7, 49.4),
    (13.05, 49.25),
    (13.4, 48.98),
    (13.84, 48.77),
    (13.72, 48.52),
    (13.43, 48.55),
    (13.3, 48.28),
    (12.85, 48.18),
    (12.76, 48.0),
    (13.0, 47.82),
    (13.05, 47.5),
    (12.75, 47.65),
    (12.2, 47.68),
    (11.65, 47.58),
    (11.2, 47.4),
    (10.9, 47.48),
    (10.45, 47.55),
    (10.2, 47.28),
    (10.0, 47.5),
    (9.55, 47.53),
    (9.2, 47.66),
    (8.85, 47.68),
    (8.55, 47.63),
    (8.2, 47.6),
    (7.6, 47.58),
    (7.55, 48.0),
    (7.78, 48.48),
    (8.22, 48.97),
    (7.6, 49.07),
    (7.05, 49.12),
    (6.73, 49.17),
    (6.37, 49.47),
    (6.5, 49.8),
    (6.13, 50.13),
    (6.25, 50.48),
    (6.02, 50.76),
    (5.98, 51.05),
    (6.2, 51.4),
    (5.97, 51.8),
    (6.75, 51.9),
    (6.7, 52.1),
    (7.05, 52.25),
    (7.05, 52.65),
    (7.2, 53.0),
    (7.05, 53.35),
    (7.3, 53.68),
    (8.0, 53.7),
];

/// The border along the North Sea, back to Sylt.
const COAST: [(f64, f64); 10] = [
    (8.25, 53.45),
    (8.5, 53.6),
    (8.65, 53.88),
    (9.0, 53.88),
    (8.85, 54.05),
    (8.9, 54.3),
    (8.62, 54.33),
    (8.95, 54.5),
    (8.7, 54.72),
    (8.6, 54.88),
];

/// Where a place stands in the drawing, from left and from above; nowhere if it lies elsewhere.
pub(crate) fn placed(coordinates: Coordinates) -> Option<(String, String)> {
    let (x, y) = projected(coordinates.longitude, coordinates.latitude);
    let inside = (0.0..=WIDTH).contains(&x) && (0.0..=HEIGHT).contains(&y);
    inside.then(|| (rounded(x), rounded(y)))
}

/// The border as the path of a drawing.
pub(crate) fn outline() -> String {
    let points = BORDER.iter().chain(&COAST).map(|(longitude, latitude)| {
        let (x, y) = projected(*longitude, *latitude);
        format!("{} {}", rounded(x), rounded(y))
    });
    format!("M{}Z", points.collect::<Vec<_>>().join("L"))
}

/// Degrees as places in the drawing: over a land this small, straight lines will do.
fn projected(longitude: f64, latitude: f64) -> (f64, f64) {
    let x = (longitude - WEST) / DEGREES_EAST * WIDTH;
    let y = (NORTH - latitude) / DEGREES_SOUTH * HEIGHT;
    (x, y)
}

fn rounded(number: f64) -> String {
    ((number * 10.0).round() / 10.0).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a place lies within the border: a ray to the east crosses it an odd number of times.
    fn is_within(longitude: f64, latitude: f64) -> bool {
        let border: Vec<(f64, f64)> = BORDER.iter().chain(&COAST).copied().collect();
        let next = border.iter().cycle().skip(1);
        let crosses = border.iter().zip(next).filter(|((x1, y1), (x2, y2))| {
            (*y1 > latitude) != (*y2 > latitude)
                && longitude < (x2 - x1) * (latitude - y1) / (y2 - y1) + x1
        });
        crosses.count() % 2 == 1
    }

    #[test]
    fn cities_lie_within_the_border_and_neighbours_outside() {
        // Berlin, Hamburg, Munich, Cologne, Görlitz, Aachen, Flensburg, Constance
        let inside = [
            (13.4, 52.52),
            (10.0, 53.55),
            (11.58, 48.14),
            (6.96, 50.94),
            (14.98, 51.15),
            (6.1, 50.78),
            (9.43, 54.78),
            (9.17, 47.7),
        ];
        assert!(inside.iter().all(|(x, y)| is_within(*x, *y)));
        // Prague, Strasbourg, Szczecin, Basel's south, Innsbruck, Groningen
        let outside = [
            (14.42, 50.09),
            (7.7, 48.58),
            (14.6, 53.43),
            (7.59, 47.5),
            (11.4, 47.27),
            (6.57, 53.22),
        ];
        assert!(outside.iter().all(|(x, y)| !is_within(*x, *y)));
    }

    #[test]
    fn places_stand_in_the_drawing_or_nowhere() {
        let at = |longitude, latitude| placed(Coordinates { latitude, longitude });
        assert_eq!(at(WEST, NORTH), Some(("0".to_owned(), "0".to_owned())));
        assert!(at(13.4, 52.52).is_some());
        assert_eq!(at(2.35, 48.85), None);
    }
}
