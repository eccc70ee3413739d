// The ground of a picture goes on where it ends: its colour is that of the picture's corner. The
// median of some pixels, since a generated ground is not quite even.
const SIDE = 8;
const corner = node("canvas", { width: SIDE, height: SIDE }).getContext("2d", {
  willReadFrequently: true,
});
const median = (numbers) => numbers.sort((one, other) => one - other)[numbers.length >> 1];
const groundOf = (image) => {
  corner.drawImage(image, 0, 0, SIDE, SIDE, 0, 0, SIDE, SIDE);
  const { data } = corner.getImageData(0, 0, SIDE, SIDE);
  const channel = (first) => median(Array.from(data).filter((_, place) => place % 4 === first));
  return `rgb(${channel(0)} ${channel(1)} ${channel(2)})`;
};
const groundGoesOn = (image, behind) => image.addEventListener("load", () => {
  behind.style.backgroundColor = groundOf(image);
});

// A picture in a list of things that it stands for.
const onItsGround = (src, alt = "") => {
  const image = node("img", { src, alt, loading: "lazy" });
  groundGoesOn(image, image);
  return image;
};
