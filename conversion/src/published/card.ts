/** The card of the published model: what its authors say of it, and what nobody here has measured. */
export function modelCard(): string {
  return `# published

**Research use only. Not a medical device.** The authors' weights for *Hide-and-Seek Attribution: Weakly Supervised Segmentation of
Vertebral Metastases in CT* (Atad et al., arXiv 2512.06849), converted on this machine by \`npm run models:published\`.

| | |
|---|---|
| What it is | diffusion autoencoder, 64 channels (71.5 million parameters in the noise predictor, 19.3 million in the encoder), with a logistic regression on its 512-value code |
| Trained on | CT of patients with vertebral metastases and without, by a label for each vertebra; see the paper |
| Licence | of the weights: as stated at https://huggingface.co/matanatad/dae_verts; of the classifier: MIT |
| Cost | about 13 GMAC for each noise prediction, some twenty times the bundled model: meant for a GPU |
| Measured here | nothing; \`npm run models:published -- --verify\` compares the authors' sample with the numbers that their notebook shows, \`npm run evaluate -- --model models/published\` makes the tables of the bundled models |
| Not for | diagnosis, treatment, triage, or any statement about a patient |
`;
}
