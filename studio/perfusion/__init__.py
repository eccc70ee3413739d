"""The model code, shared by the app and by training.

Import from the modules; nothing is loaded here, so that the light ones stay light.

    generator          Generator, GeneratedGroup, GeneratedCandidate: phrases to designs
    checkpoint         load_pipeline, save_pipeline, load_component, save_component
    pipeline           PerFusionPipeline: a whole checkpoint, called as diffusers' pipelines are
    checkpoint_pipeline  CheckpointPipeline: its models alone
    conditions         packed, unpacked: what SDXL's U-Net is told beside a prompt's states
    sampling           denoise, guide, initial_noise, fast_solver
    generation_checks  check_request
    settling           tell, Told, wearer_by_lot: what stands whatever is drawn
    decoders           Decoder, DesignDecoder, PictureDecoder
    design_codec       DesignCodec, Settled
    whole_folders      replacing, restore_interrupted
    pictures           to_pictures, to_images, fit_picture
    config             GenerationDefaults, PRESETS
    unet_halves        encode, decode, Residuals
    adaptive_network   PersonalisedAdaptiveNetwork
    adaptive_schedule  AdaptiveSchedule, ScheduledResiduals
    profile            Profile, ProfileSchema
    user_encoder       UserEncoder
    feature_crossing   PlugIn, AdaNet
    reward_model       PerFusionRM
    reward_backbone    ClipBackbone and its siblings
"""
