//! Where a place lies.

use serde::{Deserialize, Serialize};

use super::check::Checks;
use super::problem::What;

/// The mean radius of the earth in kilometres, as the IUGG defines it.
const EARTH_RADIUS: f64 = 6_371.008_8;

/// A point on the earth, in degrees (WGS 84); of a municipality that of its administration.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coordinates {
    /// Degrees north of the equator.
    pub latitude: f64,
    /// Degrees east of Greenwich.
    pub longitude: f64,
}

impl Coordinates {
    pub(super) fn check(&self, checks: &mut Checks) {
        let within = |value: f64, most: f64| value.is_finite() && value.abs() <= most;
        checks.ensure(
            within(self.latitude, 90.0),
            "latitude",
            What::Invalid { expected: "degrees from -90 to 90" },
        );
        checks.ensure(
            within(self.longitude, 180.0),
            "longitude",
            What::Invalid { expected: "degrees from -180 to 180" },
        );
    }

    /// The distance on a great circle in kilometres, after the haversine formula.
    #[must_use]
    pub fn distance_km(self, other: Self) -> f64 {
        let half = |from: f64, to: f64| ((to - from).to_radians() / 2.0).sin().powi(2);
        let latitudes = self.latitude.to_radians().cos() * other.latitude.to_radians().cos();
        let chord =
            half(self.latitude, other.latitude) + latitudes * half(self.longitude, other.longitude);
        2.0 * EARTH_RADIUS * chord.sqrt().min(1.0).asin()
    }
}

/// All that is at most so far from a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// The point.
    pub point: Coordinates,
    /// The greatest distance in kilometres.
    pub kilometres: f64,
}

impl Near {
    /// Whether a place is near enough.
    #[must_use]
    pub fn holds(&self, place: Coordinates) -> bool {
        self.point.distance_km(place) <= self.kilometres
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZWICKAU: Coordinates = Coordinates { latitude: 50.727, longitude: 12.488 };
    const ADORF: Coordinates = Coordinates { latitude: 50.320, longitude: 12.260 };

    #[test]
    fn distances_are_those_of_the_globe() {
        // 0.407 degrees of latitude are 45.26 km, 0.228 of longitude there 16.11 km.
        assert!((ZWICKAU.distance_km(ADORF) - 48.04).abs() < 0.1);
        assert!((ADORF.distance_km(ZWICKAU) - ZWICKAU.distance_km(ADORF)).abs() < 1e-9);
        assert!(ADORF.distance_km(ADORF) < 1e-9);
        let (pole, other) = (
            Coordinates { latitude: 90.0, longitude: 0.0 },
            Coordinates { latitude: -90.0, longitude: 77.0 },
        );
        assert!((pole.distance_km(other) - 20_015.1).abs() < 1.0);
    }

    #[test]
    fn near_is_what_lies_within_the_distance() {
        assert!(Near { point: ZWICKAU, kilometres: 50.0 }.holds(ADORF));
        assert!(!Near { point: ZWICKAU, kilometres: 45.0 }.holds(ADORF));
    }
}
